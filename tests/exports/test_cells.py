"""Cells a spreadsheet shows and never runs, names any disk can hold."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.policy.naming import distinct, file_name
from exports.policy.rows import capped
from people.policy.files import safe_cell


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")',
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "  =1+1",
        "\r=1",
        "＝1+1",
        "|calc",
    ],
)
def test_what_looks_like_a_formula_is_shown_as_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("", ""),
        ("Zoé", "Zoé"),
        ("-5", "-5"),
        ("-5,25", "-5,25"),
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        (True, "1"),
        (date(2026, 11, 16), "2026-11-16"),
        (datetime(2026, 11, 16, 9, tzinfo=UTC), "2026-11-16T09:00:00+00:00"),
        ("l’élève = parfait", "l’élève = parfait"),
    ],
)
def test_the_rest_is_shown_as_it_is(value, shown):
    assert safe_cell(value) == shown


@given(st.text())
def test_no_text_starts_a_formula(text):
    cell = safe_cell(text)
    assert not cell.lstrip().startswith(("=", "@", "|"))
    assert "\x00" not in cell


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Léa Durand", "Léa Durand"),
        ("../../etc/passwd", "etc passwd"),
        ('a:b*c?"<>|', "a b c"),
        ("CON", "_CON"),
        ("...", "_"),
        ("x" * 200, "x" * 80),
        ("E\u0301lan", "Élan"),
    ],
)
def test_a_name_any_disk_can_hold(text, name):
    assert file_name(text) == name


def test_two_of_the_same_name_are_told_apart():
    assert distinct(["Léa", "léa", "Léa (2)", "Tom"]) == ["Léa", "léa (2)", "Léa (2) (2)", "Tom"]


@given(st.lists(st.sampled_from(["a", "A", "a (2)", "b"]), max_size=10))
def test_no_two_names_are_the_same(names):
    told_apart = [name.casefold() for name in distinct(names)]
    assert len(set(told_apart)) == len(names)


def test_a_long_table_says_what_it_leaves_off():
    assert capped(list(range(5)), most=3).rows == [0, 1, 2]
    assert capped(list(range(5)), most=3).left_off == 2
    assert capped([1], most=3).left_off == 0
