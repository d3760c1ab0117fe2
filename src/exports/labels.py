"""What is said, before a document is drawn, of what won't be seen on it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from exports.policy.glyphs import packages_for

MAX_SHOWN = 20


def undrawn_in_words(found: Sequence[str]) -> str:
    """Return which characters a PDF would show as boxes and what to do, "" where there are none."""
    if not found:
        return ""
    shown = " ".join(found[:MAX_SHOWN]) + (" …" if len(found) > MAX_SHOWN else "")
    text = _(
        "The fonts of this server can’t draw these characters, which a PDF would show as boxes: %(chars)s. "
        "Ask who runs it to install %(packages)s."
    )
    return text % {"chars": shown, "packages": ", ".join(packages_for(found))}
