"""LG-S15: a plan change shows price and effect before it is made.

On a quoted contract it is an amendment to sign.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.subscriptions.policy.amendment import Amendment, NotMore, TermOver, amendment, still_true

YEAR = {"term_price_cents": 490, "term_months": 12, "ends_on": date(2027, 9, 1)}


def asked(after: int, on: date, before: int = 218, **changed) -> Amendment:
    return amendment(licences_before=before, licences_after=after, counts_from=on, **(YEAR | changed))


def test_the_effect_and_the_price_are_known_before_it_is_signed():
    found = asked(230, date(2027, 3, 1))
    assert (found.licences_before, found.licences_after, found.added) == (218, 230, 12)
    assert (found.starts_on, found.ends_on) == (date(2027, 3, 1), date(2027, 9, 1))
    assert (found.days, found.days_of_term) == (184, 365)
    assert found.unit_net_cents == 247  # 4.90 × 184 / 365 = 2.4701…
    assert found.net_cents == 12 * 247


@pytest.mark.parametrize(
    ("on", "unit"),
    [
        (date(2026, 9, 1), 490),  # the first day of the term: a whole term
        (date(2027, 8, 31), 1),  # its last day: 1.34 cents
        (date(2026, 3, 1), 737),  # a term and a half before its end
    ],
)
def test_the_price_is_pro_rata_to_the_days_left(on, unit):
    assert asked(219, on).unit_net_cents == unit


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2027, 1, 31), date(2027, 2, 28), 1),  # the month after has no such day
        (date(2027, 8, 31), date(2028, 2, 29), 6),
        (date(2028, 2, 29), date(2029, 2, 28), 12),
        (date(2027, 10, 31), date(2027, 11, 30), 1),
    ],
)
def test_a_term_costs_a_whole_term_on_its_first_day(starts_on, ends_on, months):
    term = {"term_months": months, "ends_on": ends_on, "term_starts_on": starts_on}
    found = asked(219, starts_on, **term)
    assert (found.unit_net_cents, found.days, found.days_of_term) == (490, found.days, found.days)
    assert asked(219, starts_on + timedelta(days=1), **term).unit_net_cents < 490


def test_licences_only_go_up_during_a_term():
    for after in (218, 217, 0):
        with pytest.raises(NotMore):
            asked(after, date(2027, 3, 1))


def test_a_term_that_is_over_or_has_no_end_is_not_amended():
    for changed in ({"ends_on": date(2027, 3, 1)}, {"ends_on": None}):
        with pytest.raises(TermOver):
            asked(230, date(2027, 3, 1), **changed)


@given(st.integers(1, 364), st.integers(1, 5000))
def test_a_day_later_never_costs_more(days, added):
    first = date(2026, 9, 1)
    sooner = asked(218 + added, first + timedelta(days=days - 1))
    later = asked(218 + added, first + timedelta(days=days))
    assert later.net_cents <= sooner.net_cents <= added * 490


def test_what_changed_meanwhile_needs_a_new_version():
    kept = {"licences_before": 218, "ends_on": date(2027, 9, 1)}
    assert still_true(licences_now=218, today=date(2027, 3, 1), **kept)
    assert not still_true(licences_now=230, today=date(2027, 3, 1), **kept)
    assert not still_true(licences_now=218, today=date(2027, 9, 1), **kept)
