"""Days on which an event suspends a payment, and credit that counts from before the money came."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.collections.policy.late_interest import late_interest
from billing.invoicing.policy.paid import Payment, with_credits_first
from billing.invoicing.policy.pauses import Pause, days_running, due_after_pauses
from billing.money.gateways.rate_tables import interest_rates

DUE = date(2026, 3, 31)


def after(days):
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], DUE),
        ([Pause(after(1), after(5))], DUE),
        ([Pause(after(-5), DUE)], DUE),  # over on the day: it is due that day
        ([Pause(after(-5), after(5))], after(5)),
        ([Pause(after(5), after(9)), Pause(after(-5), after(5))], after(9)),  # one follows the other
        ([Pause(DUE)], date.max),
    ],
)
def test_nothing_falls_due_during_an_event(pauses, due):
    assert due_after_pauses(DUE, pauses) == due


PAUSES = st.lists(
    st.builds(
        lambda first, days: Pause(after(first), after(first + days) if days else None),
        st.integers(-30, 120),
        st.integers(0, 60),
    ),
    max_size=4,
)


@given(PAUSES, st.integers(1, 120))
def test_the_days_that_run_are_those_no_event_holds(pauses, last):
    counted = {
        first + timedelta(days=n + 1)
        for first, until in days_running(DUE, after(last), pauses)
        for n in range((until - first).days)
    }
    every = {after(n) for n in range(1, last + 1)}
    assert counted == {day for day in every if not any(each.holds(day) for each in pauses)}


@given(PAUSES)
def test_interest_counts_those_days_only(pauses):
    facts = {"customer_type": "professional", "amount_cents": 100_000, "payments": (), "flat_fee_cents": 4000}
    found = late_interest(**facts, due_on=DUE, rates=interest_rates(), as_of=after(90), pauses=pauses)
    due_on = due_after_pauses(DUE, pauses)
    days = [after(n) for n in range(1, 91) if after(n) > due_on]
    late = [day for day in days if not any(each.holds(day) for each in pauses)]
    assert sum(segment.days for segment in found.segments) == len(late)
    assert (found.flat_fee_cents > 0) is bool(late)


def days(rows):
    return [Payment(after(day), cents) for day, cents in rows]


@pytest.mark.parametrize(
    ("paid", "unused", "found"),
    [
        ([], [], []),
        ([(5, 100)], [(0, 100)], [(0, 100)]),  # never owed: the money that came was too much
        ([(5, 100)], [(0, 40)], [(0, 40), (5, 60)]),
        ([(5, 60), (9, 40)], [(0, 50)], [(0, 50), (5, 50)]),  # the last money was too much first
        ([(5, 100)], [(10, 40)], [(5, 100)]),  # granted after it was paid: it was owed and paid
        ([(5, 60), (12, 40)], [(10, 50)], [(5, 60), (10, 40)]),
        ([], [(0, 40)], []),
    ],
)
def test_credit_comes_before_later_money(paid, unused, found):
    asked = sum(cents for _day, cents in paid)
    assert with_credits_first(days(paid), days(unused), asked_cents=asked) == days(found)


def test_a_credit_settles_what_nothing_has_paid_while_money_is_in_hand():
    credit = days([(5, 100)])
    assert with_credits_first([], credit, asked_cents=100) == credit
    paid = days([(2, 40)])
    assert with_credits_first(paid, credit, asked_cents=100) == [*paid, *days([(5, 60)])]
