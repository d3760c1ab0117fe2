"""System checks of a deployment: documents can be drawn in every writing."""

from typing import Any

from django.core.checks import Warning as Warned
from django.core.checks import register

from exports.gateways.fonts import undrawn_here
from exports.policy.glyphs import SAMPLES, packages_for


@register(deploy=True)
def fonts_cover_every_writing(app_configs: Any, **kwargs: Any) -> list[Warned]:
    """Return a warning while a name in some writing would be boxes on paper."""
    missing = undrawn_here(SAMPLES)
    if not missing:
        return []
    text = f"PDFs can't show some characters, such as {' '.join(missing)}"
    hint = f"apt install {' '.join(packages_for(missing))}: docs/operating.md, “What it needs”"
    return [Warned(text, hint=hint, id="exports.W001")]
