"""LG-S14.3: a trial is for clients who subscribed online with an online payment method, never a cheque.

Not ended before its end, it is activated and invoiced that day.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.orders.policy.cart import trial_is_open_to
from billing.subscriptions.policy.trial import Period, activated_on, reminded_on, stops_on, trial_from

CLAUSE = "LG-S14.3"
BEGUN = date(2026, 11, 16)
TRIAL = Period(BEGUN, date(2026, 12, 16))
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("online", "method", "open_"),
    [
        (True, "card", True),
        (True, "sepa_debit", True),
        (True, "cheque", False),
        (True, "transfer", False),
        (False, "card", False),
    ],
)
def test_who_may_try(online, method, open_):
    assert trial_is_open_to(online=online, method=method) is open_


def test_thirty_days_from_the_opening():
    assert trial_from(BEGUN, days=30) == TRIAL


def test_a_trial_lasts_a_day_at_least():
    with pytest.raises(ValueError, match="a day"):
        trial_from(BEGUN, days=0)


@pytest.mark.parametrize(
    ("days", "on"), [(30, date(2026, 12, 13)), (4, date(2026, 11, 17)), (3, None), (1, None)]
)
def test_the_reminder_three_days_before_with_a_day_between(days, on):
    assert reminded_on(trial_from(BEGUN, days=days)) == on


@pytest.mark.parametrize(
    ("said_on", "at_once", "stops"),
    [
        (BEGUN, False, date(2026, 12, 16)),
        (BEGUN, True, BEGUN),
        (date(2026, 12, 15), False, date(2026, 12, 16)),  # the last day is in time
        (date(2026, 12, 15), True, date(2026, 12, 15)),
        (date(2026, 12, 16), False, None),
        (date(2026, 12, 16), True, None),  # that day it is activated
    ],
)
def test_ended_before_its_end_or_too_late(said_on, at_once, stops):
    assert stops_on(TRIAL, said_on=said_on, at_once=at_once) == stops


def test_not_ended_it_is_activated_on_its_end():
    assert activated_on(TRIAL, stopped_on=None) == date(2026, 12, 16)


@given(begun=DAYS, days=st.integers(1, 400), said=st.integers(0, 800), at_once=st.booleans())
def test_either_it_stops_or_it_is_activated_never_both(begun, days, said, at_once):
    trial = trial_from(begun, days=days)
    stops = stops_on(trial, said_on=begun + timedelta(days=said), at_once=at_once)
    assert (stops is None) == (said >= days)
    assert (activated_on(trial, stopped_on=stops) is None) == (stops is not None)
    assert stops is None or begun <= stops <= trial.ends_on
