"""Photos nobody took: a hill, a sun and a tree in the colours of the season, drawn anew for each
observation.
"""

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 640)
SKIES = ((226, 236, 245), (250, 236, 214), (214, 228, 224), (240, 226, 232))
HILLS = ((126, 158, 133), (168, 150, 108), (108, 140, 150), (150, 128, 110))


def picture(seed: int) -> BytesIO:
    """Return a JPEG, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311
    image = Image.new("RGB", SIZE, dice.choice(SKIES))
    draw = ImageDraw.Draw(image)
    _sun(draw, dice)
    for depth in range(3):
        _hill(draw, dice, depth)
    _tree(draw, dice)
    file = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=80)
    file.seek(0)
    return file


def _sun(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(120, 840)
    y = dice.randint(80, 220)
    radius = dice.randint(40, 80)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(252, 222, 150))


def _hill(draw: ImageDraw.ImageDraw, dice: random.Random, depth: int) -> None:
    colour = tuple(max(0, part - 22 * depth) for part in dice.choice(HILLS))
    top = 330 + 90 * depth
    middle = dice.randint(200, 760)
    draw.ellipse((middle - 900, top, middle + 900, top + 900), fill=colour)


def _tree(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(150, 800)
    y = dice.randint(380, 470)
    draw.rectangle((x - 9, y, x + 9, y + 110), fill=(92, 70, 54))
    leaves = dice.choice(((96, 134, 88), (196, 142, 70), (178, 96, 70)))
    for _ in range(14):
        cx = x + dice.randint(-70, 70)
        cy = y - dice.randint(0, 110)
        radius = dice.randint(28, 52)
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=leaves)
