"""What is typed into the search is told apart: words, amounts, numbers of documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.desk.policy.search import SearchText, asked, prefix_query
from billing.money.forms.fields import written


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", SearchText()),
        ("  Tilleuls  école ", SearchText(("Tilleuls", "école"))),
        ("1 234,50", SearchText((), 123450)),
        ("1\u202f234,50\u00a0€", SearchText((), 123450)),
        ("1234.50", SearchText((), 123450)),
        ("Tilleuls 1 234,50", SearchText(("Tilleuls",), 123450)),
        ("FA-2026-000012", SearchText(("FA-2026-000012",))),
        ("1200", SearchText(("1200",), 120000, either=True)),
        ("1 200", SearchText(("1", "200"), 120000, either=True)),
        ("000012", SearchText(("000012",), 1200, either=True)),
        ("16.11.2026", SearchText(("16.11.2026",))),
        ("0,00", SearchText((), 0)),
    ],
)
def test_words_and_amounts(text, wanted):
    assert asked(text) == wanted


@given(cents=st.integers(0, 10**11))
def test_an_amount_as_the_console_writes_it_is_found(cents):
    assert asked(written(cents)).cents == cents


@given(text=st.text(max_size=200))
def test_anything_can_be_typed(text):
    found = asked(text)
    assert len(found.words) <= 8
    assert "'" not in prefix_query(found.words).replace("':*", "").replace(" & '", "")[1:]
