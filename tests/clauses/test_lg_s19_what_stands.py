"""LG-S19, LG-S6.3d: what should be so about a debt is drawn from all the facts, whatever came last."""

from datetime import date, timedelta

import pytest

from billing.collections.policy.standing import Debt, LateRules, Pause, debt_standing
from billing.collections.policy.suspension import SuspensionNotice
from contracts.gateways.holidays import public_holidays

DUE = date(2026, 12, 16)
FRANCE = public_holidays("FR", None, (2026, 2027))
SCHOOL = LateRules("after_notice", 8, 30, (3, 15), FRANCE)
CAMPUS = LateRules("at_once", 0, 0, (3, 15), FRANCE)
NEVER = LateRules("never", 0, 0, (3, 15), FRANCE)
WARNED = SuspensionNotice(date(2027, 1, 15))


def after(days: int) -> date:
    """Return a day after the due date."""
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("debt", "today"),
    [
        (Debt(0, DUE), after(40)),  # paid or credited
        (Debt(100, DUE), DUE),  # not late on its day
        (Debt(100, after(60)), after(40)),  # more time, in writing
        (Debt(100, DUE, pauses=(Pause(after(10)),)), after(40)),  # an event that lasts
        (Debt(100, DUE, pauses=(Pause(after(10), after(41)),)), after(40)),
    ],
)
def test_nothing_follows_from_what_is_not_overdue_today(debt, today):
    found = debt_standing(debt, rules=SCHOOL, today=today, notice=WARNED)
    assert (found.is_overdue, found.reminders, found.warn_on, found.suspends_on) == (False, (), None, None)


def test_an_event_that_is_over_holds_nothing_back():
    debt = Debt(100, DUE, pauses=(Pause(after(10), after(40)),))
    assert debt_standing(debt, rules=SCHOOL, today=after(40)).is_overdue
    assert debt.paused_until(after(39)) == after(40)
    assert Debt(100, DUE, pauses=(Pause(after(10)),)).paused_until(after(39)) == date.max


@pytest.mark.parametrize(
    ("rules", "failed_on", "day"),
    [
        (SCHOOL, None, after(30)),
        (CAMPUS, None, after(1)),
        (NEVER, None, None),
        (SCHOOL, after(35), after(36)),  # it bounced: the next one leaves the day after
        (SCHOOL, after(3), after(30)),
    ],
)
def test_the_day_of_the_warning(rules, failed_on, day):
    assert debt_standing(Debt(100, DUE), rules=rules, today=after(2), failed_on=failed_on).warn_on == day


@pytest.mark.parametrize(
    ("notice", "warn_on", "suspends_on"),
    [
        (WARNED, None, date(2027, 1, 28)),
        (SuspensionNotice(None), None, None),  # written, it waits: no clock runs
        (SuspensionNotice(WARNED.sent_on, bounced=True), after(30), None),
        (SuspensionNotice(None, bounced=True), after(30), None),  # nobody to write to
    ],
)
def test_the_clock_runs_from_a_warning_that_left_and_arrived(notice, warn_on, suspends_on):
    found = debt_standing(Debt(100, DUE), rules=SCHOOL, today=date(2027, 1, 20), notice=notice)
    assert (found.warn_on, found.suspends_on) == (warn_on, suspends_on)


def test_a_warning_about_an_earlier_day_is_over():
    moved = Debt(100, date(2027, 2, 28))
    found = debt_standing(moved, rules=SCHOOL, today=date(2027, 3, 5), notice=WARNED)
    assert (found.counts_from, found.suspends_on, found.warn_on) == (None, None, date(2027, 3, 30))


@pytest.mark.parametrize(
    ("today", "reminded", "owed"),
    [
        (after(1), (), (after(3), after(15))),
        (after(3), (after(3),), (after(15),)),
        (after(10), (), (after(3), after(15))),  # missed: today
        (after(20), (), (after(15),)),  # two missed: one mail
        (after(20), (after(15),), ()),
    ],
)
def test_the_reminders_that_are_owed(today, reminded, owed):
    assert debt_standing(Debt(100, DUE), rules=SCHOOL, today=today, reminded=reminded).reminders == owed


def test_what_is_contested_is_not_reminded_of():
    assert debt_standing(Debt(100, DUE, is_disputed=True), rules=SCHOOL, today=after(5)).reminders == ()


@pytest.mark.parametrize(
    ("pauses", "last_day"),
    [
        ((), DUE),
        ((Pause(after(10), after(41)),), after(40)),
        ((Pause(after(10), after(20)),), DUE),  # over by then: its day is told in `due_on`
        ((Pause(after(10)),), date.max),
        ((Pause(DUE, after(31)), Pause(after(20), after(50))), after(49)),
    ],
)
def test_the_last_day_moves_with_what_suspends_it(pauses, last_day):
    assert Debt(100, DUE, pauses=pauses).last_day(after(30)) == last_day
