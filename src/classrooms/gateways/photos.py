"""Photos: checked, turned upright, made smaller and written anew, so that nothing they carried comes
along.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_SIDE = 1600
QUALITY = 82


class NotAPhoto(Exception):
    """Raised when a file isn't a photo in a format we take (JPEG, PNG or WebP), or is damaged."""


class PhotoTooLarge(Exception):
    """Raised when a file weighs or measures more than we take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo written anew."""

    file: ContentFile[bytes]
    width: int
    height: int


def reencoded(upload: BinaryIO) -> Picture:
    """Return a photo as a JPEG without EXIF, place, camera, thumbnail or comment, at most 1,600 pixels a
    side.

    Raises NotAPhoto (an SVG never is one) and PhotoTooLarge.
    """
    upload.seek(0, 2)
    if upload.tell() > MAX_BYTES:
        raise PhotoTooLarge
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _written(upload)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoTooLarge from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise NotAPhoto from None


def _written(upload: BinaryIO) -> Picture:
    with Image.open(upload, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise PhotoTooLarge
        image.draft("RGB", (MAX_SIDE * 2, MAX_SIDE * 2))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(ContentFile(out.getvalue()), plain.width, plain.height)
