"""PDF from templates: fonts and stylesheet read once per process, nothing fetched from anywhere."""

import base64
import gc
import io
import logging
import threading
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from PIL import Image

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

MAX_ROWS = 4000
_ONE_AT_A_TIME = threading.Lock()  # Pango's font map is not made for several threads
logging.getLogger("fontTools").setLevel(logging.ERROR)


class TooManyRows(Exception):
    """Raised when a document holds more table rows than can be laid out in reasonable time."""


def render(
    template: str, context: Mapping[str, Any], *, language: str, variant: str | None = "pdf/ua-1"
) -> bytes:
    """Return the PDF of a template, in a language: real text, tagged, readable by who can't see it.

    Images come as `data:` addresses (see `data_uri`), as small as they are shown (see `thumbnail`): they are
    put in as they are, not decoded again. Any other address is refused. Raises TooManyRows past 4,000 rows of
    tables: cap them with `exports.policy.rows.capped` and say what is left off.
    """
    with override(language):
        html = render_to_string(template, dict(context) | {"pdf_language": language})
    if html.count("<tr") > MAX_ROWS:
        raise TooManyRows(template)
    with _ONE_AT_A_TIME:
        document = _engine().HTML(string=html, url_fetcher=_fetcher(), media_type="print")
        return bytes(
            document.write_pdf(
                stylesheets=[_stylesheet()],
                font_config=_fonts(),
                pdf_variant=variant,
                pdf_tags=True,
                custom_metadata=False,
            )
            or b""
        )


def data_uri(content: bytes, kind: str = "image/jpeg") -> str:
    """Return an image as an address that needs no fetching."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def thumbnail(content: bytes, *, longest: int = 480) -> str:
    """Return a photo as an address that needs no fetching, sized for a frame of 54 mm.

    "" when it is no photo.
    """
    try:
        with Image.open(io.BytesIO(content)) as photo:
            part = min(1, longest / max(photo.size))
            photo.draft(
                "RGB", (round(photo.width * part), round(photo.height * part))
            )  # a JPEG is decoded smaller
            small = photo.convert("RGB")
            small.thumbnail((longest, longest))
            smaller = io.BytesIO()
            small.save(smaller, "JPEG", quality=80)
    except OSError:
        return ""
    return data_uri(smaller.getvalue())


@cache
def _engine() -> Any:
    """Return WeasyPrint, loaded when the first document is drawn.

    A second and 60 MB most processes never need.

    What a process has loaded by then stays for its life: the collector, which a document's many boxes call
    often, needn't look through it again each time.
    """
    engine = import_module("weasyprint")
    gc.collect()
    gc.freeze()
    return engine


@cache
def _fonts() -> "FontConfiguration":
    found: FontConfiguration = _engine().text.fonts.FontConfiguration()
    return found


@cache
def _fetcher() -> "URLFetcher":
    found: URLFetcher = _engine().urls.URLFetcher(allowed_protocols={"data"})
    return found


@cache
def _stylesheet() -> "CSS":
    css = Path(settings.BASE_DIR, "static", "css", "print.css").read_text(encoding="utf-8")
    return _engine().CSS(string=css, url_fetcher=_fetcher(), font_config=_fonts(), media_type="print")
