"""What is served and what is deferred add up, on any day; what recurs changes for a reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.policy.revenue import (
    Served,
    TermRevenue,
    deferred,
    kind_of,
    recognised,
    recurring,
    schedule,
    scheduled,
)

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@st.composite
def served(draw):
    """A line over a period, at once, or not begun."""
    cents = draw(st.integers(-(10**7), 10**7))
    starts_on = draw(st.none() | DAYS)
    length = draw(st.none() | st.integers(1, 800))
    ends_on = starts_on + timedelta(days=length) if starts_on and length else None
    return Served(cents, starts_on, ends_on)


@given(line=served(), on=DAYS)
def test_served_and_deferred_are_what_was_invoiced(line, on):
    assert recognised(line, on) + deferred(line, on) == line.net_cents


@given(line=served(), on=DAYS)
def test_the_schedule_adds_up_to_what_is_deferred_and_looks_ahead_only(line, on):
    found = schedule(line, on)
    assert sum(found.values()) == deferred(line, on)
    assert all(month is None or month >= on.replace(day=1) for month in found)


@given(line=served(), on=DAYS, days=st.integers(0, 400))
def test_what_is_served_only_grows_and_never_passes_the_line(line, on, days):
    one, two = (abs(recognised(line, day)) for day in (on, on + timedelta(days)))
    assert one <= two <= abs(line.net_cents)


@given(lines=st.lists(served(), max_size=8), on=DAYS)
def test_lines_together_are_the_sum_of_each(lines, on):
    assert sum(scheduled(lines, on).values()) == sum(deferred(line, on) for line in lines)


@given(
    terms=st.lists(
        st.builds(
            lambda key, start, length, cents, months: TermRevenue(
                key, start, start + timedelta(length), cents, months
            ),
            st.sampled_from("abcd"),
            DAYS,
            st.integers(1, 800),
            st.integers(0, 10**6),
            st.integers(1, 24),
        ),
        max_size=10,
    ),
    first=DAYS,
    days=st.integers(0, 500),
)
def test_what_recurs_is_what_did_with_what_changed(terms, first, days):
    rows = recurring(terms, first=first, last=first + timedelta(days))
    for before, row in zip(rows, rows[1:], strict=False):
        change = row.new_cents - row.churned_cents + row.expansion_cents - row.contraction_cents
        assert row.mrr_cents - before.mrr_cents == change


def test_a_year_for_1200_euros_taken_on_the_16th_of_november():
    line = Served(120000, date(2026, 11, 16), date(2027, 11, 16))
    assert recognised(line, date(2026, 11, 15)) == 0
    assert recognised(line, date(2026, 11, 16)) == 329  # a day of 365: 328.77
    assert deferred(line, date(2026, 12, 31)) == 104877  # 319 days of 365
    assert recognised(line, date(2027, 11, 15)) == 120000
    found = schedule(line, date(2026, 12, 31))
    assert list(found)[0] == date(2027, 1, 1)
    assert (found[date(2027, 1, 1)], found[date(2027, 11, 1)]) == (10192, 4932)


def test_a_thing_is_served_when_it_arrives_and_not_before():
    assert schedule(Served(900), date(2026, 11, 16)) == {None: 900}
    assert deferred(Served(900, date(2026, 11, 20)), date(2026, 11, 19)) == 900
    assert deferred(Served(900, date(2026, 11, 20)), date(2026, 11, 20)) == 0


def test_a_renewal_at_a_higher_price_is_more_and_an_end_is_lost():
    one = TermRevenue("a", date(2026, 1, 10), date(2027, 1, 10), 120000, 12)
    two = TermRevenue("a", date(2027, 1, 10), date(2028, 1, 10), 132000, 12)
    rows = {row.month: row for row in recurring([one, two], first=date(2025, 12, 1), last=date(2028, 1, 31))}
    assert rows[date(2025, 12, 1)].mrr_cents == 0
    assert (rows[date(2026, 1, 1)].new_cents, rows[date(2026, 1, 1)].arr_cents) == (10000, 120000)
    assert (rows[date(2027, 1, 1)].mrr_cents, rows[date(2027, 1, 1)].expansion_cents) == (11000, 1000)
    assert (rows[date(2028, 1, 1)].mrr_cents, rows[date(2028, 1, 1)].churned_cents) == (0, 11000)


@pytest.mark.parametrize(
    ("line", "product", "kind"),
    [
        ("product", "subscription", "subscription"),
        ("product", "goods", "goods"),
        ("product", "service", "service"),
        ("shipping", "", "fees"),
        ("cheque_fee", "", "fees"),
        ("discount", "", "discount"),
        ("deposit", "", ""),
        ("product", "", "service"),
    ],
)
def test_each_line_is_of_a_kind_and_a_deposit_is_no_revenue(line, product, kind):
    assert kind_of(line, product) == kind
