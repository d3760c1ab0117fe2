"""Photos: checked, turned upright, made smaller and written anew, so that nothing they carried comes
along.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 24_000_000  # of a picture that is held whole to be made smaller: 100 MB
MAX_JPEG_PIXELS = 100_000_000  # read at a half or less
MAX_PROGRESSIVE_PIXELS = 40_000_000  # all of its coefficients are held
MAX_SIDE = 1600
QUALITY = 82


class NotAPhoto(Exception):
    """Raised when a file isn't a photo in a format we take (JPEG, PNG or WebP), or is damaged."""


class PhotoTooLarge(Exception):
    """Raised when a file weighs or measures more than we take.

    `megapixels` says how many we take at most of such a picture, where it measures too much.
    """

    def __init__(self, megapixels: int | None = None) -> None:
        super().__init__(megapixels)
        self.megapixels = megapixels


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
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limits are lower
            return _written(upload)
    except Image.DecompressionBombError:
        raise PhotoTooLarge(MAX_JPEG_PIXELS // 1_000_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise NotAPhoto from None


def _written(upload: BinaryIO) -> Picture:
    with Image.open(upload, formats=FORMATS) as image:
        most = _most_pixels(image)
        if image.width * image.height > most:
            raise PhotoTooLarge(most // 1_000_000)
        image.draft("RGB", (MAX_SIDE * 2, MAX_SIDE * 2))
        profile = image.info.get("icc_profile")
        small = _eight_bits(image)
        small.thumbnail((MAX_SIDE, MAX_SIDE))
        upright = ImageOps.exif_transpose(small)
    drawn = _in_srgb(upright, profile).convert("RGBA")
    plain = Image.new("RGB", drawn.size, "white")
    plain.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(ContentFile(out.getvalue()), plain.width, plain.height)


def _most_pixels(image: Image.Image) -> int:
    """Return how many pixels a picture may have, so that 150 MB of memory are enough to read it."""
    if image.format != "JPEG":
        return MAX_PIXELS
    return MAX_PROGRESSIVE_PIXELS if image.info.get("progressive") else MAX_JPEG_PIXELS


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture whose greys go from 0 to 255: those of 16 bits are brought down, not cut off."""
    if not image.mode.startswith(("I", "F")):
        return image
    exif = image.getexif()
    grey = image.point(lambda level: level / 257).convert("L")
    grey.info["exif"] = exif.tobytes()
    return grey


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in the colours every screen shows: its own profile says what its numbers mean."""
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        with suppress(ImageCms.PyCMSError, OSError):
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            shown = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
            assert shown is not None, "a copy was asked for"
            return shown
    return image.convert("RGBA")
