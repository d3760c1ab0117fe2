"""Which characters no font draws is known before a document is drawn, and what to install for them."""

import pytest

from exports.policy.glyphs import SAMPLES, packages_for, undrawn


def nothing(_char):
    return False


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Élève à l’École, 12 € – « très bien » …", ""),
        ("Zoë 李 et 李", "李"),
        ("عمر\u200f 😀\ufe0f", "عمر😀"),
        ("a\u0301\n\t\u00ad", ""),
    ],
)
def test_each_character_no_font_draws_is_named_once(text, found):
    assert undrawn([text], is_drawn=nothing) == tuple(found)
    assert undrawn([text], is_drawn=lambda _char: True) == ()


@pytest.mark.parametrize(
    ("chars", "packages"),
    [
        ("李", ("fonts-noto-cjk",)),
        ("あ한", ("fonts-noto-cjk",)),
        ("ع", ("fonts-noto-core",)),
        ("😀☀", ("fonts-noto-color-emoji",)),
        (SAMPLES, ("fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji")),
        ("", ()),
    ],
)
def test_the_packages_that_draw_them(chars, packages):
    assert packages_for(chars) == packages
