"""Rows that are counted all and shown a page at a time."""

import pytest

from audit.policy.lazy_rows import LazyRows


@pytest.fixture
def asked():
    """Return which rows were put into words."""
    return []


@pytest.fixture
def letters(asked):
    rows = list("abcde")

    def show(page):
        asked.extend(page)
        return [each.upper() for each in page]

    return LazyRows(rows, count=rows.__len__, show=show)


def test_a_page_puts_only_its_rows_into_words(letters, asked):
    assert (len(letters), letters[1:3], asked) == (5, ["B", "C"], ["b", "c"])


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (4, "E"), (-1, "E"), (-5, "A")])
def test_one_is_found_from_either_end(letters, place, letter):
    assert letters[place] == letter


@pytest.mark.parametrize("place", [5, -6])
def test_past_either_end_there_is_none(letters, place):
    with pytest.raises(IndexError):
        letters[place]


def test_all_are_read_at_once(letters, asked):
    assert list(letters) == list("ABCDE")
    assert asked == list("abcde")
