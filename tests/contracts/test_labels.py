"""The first of a month is "1er" in French, wherever a day is written."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils.translation import override

from contracts.labels import day_text


@pytest.mark.parametrize(
    ("language", "day", "style", "text"),
    [
        ("fr", date(2026, 9, 1), "DATE_FORMAT", "1er septembre 2026"),
        ("fr", date(2026, 11, 1), "l j F Y", "dimanche 1er novembre 2026"),
        ("fr", date(2026, 2, 1), "j N", "1er fév."),
        ("fr", date(2026, 9, 11), "DATE_FORMAT", "11 septembre 2026"),
        ("fr", date(2026, 9, 21), "DATE_FORMAT", "21 septembre 2026"),
        ("fr", date(2026, 9, 1), "SHORT_DATE_FORMAT", "01/09/2026"),
        ("en", date(2026, 9, 1), "DATE_FORMAT", "1 September 2026"),
    ],
)
def test_a_day_as_it_is_written(language, day, style, text):
    with override(language):
        assert day_text(day, style) == text
        page = Template("{{ day|date:style }}").render(Context({"day": day, "style": style}))
    assert page == text
