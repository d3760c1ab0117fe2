"""Logos: checked, made small and written anew, so that nothing they carried comes along."""

import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")

MAX_BYTES = 5 * 1024 * 1024

MAX_PIXELS = 25_000_000

BOX = (480, 240)


class NotALogo(Exception):
    """Raised when a file isn't a picture we take (PNG, JPEG or WebP), is damaged, or is too large."""


def reencoded(upload: BinaryIO) -> bytes:
    """Return a logo as a PNG without any data of its own, at most 480 by 240 pixels.

    Raises NotALogo (as an SVG does).
    """
    upload.seek(0, 2)
    if upload.tell() > MAX_BYTES:
        raise NotALogo
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _written(upload)
    except (
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        raise NotALogo from None


def _written(upload: BinaryIO) -> bytes:
    with Image.open(upload, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise NotALogo
        drawn = image.convert("RGBA")
    drawn.thumbnail(BOX)
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    written = BytesIO()
    clean.save(written, "PNG", optimize=True)
    return written.getvalue()
