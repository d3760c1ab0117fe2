"""Goods leave on Tuesdays and Thursdays, never on a day off."""

from datetime import date, datetime

import pytest

from billing.catalogue.policy.dispatch import NoDispatch, dispatch_day, dispatch_days
from contracts.gateways.holidays import public_holidays
from tests.golden import rows

HOLIDAYS = public_holidays("FR", None, (2026, 2027))


@pytest.mark.parametrize("row", rows("dispatch"), ids=lambda row: row["why"])
def test_the_golden_days(row):
    leave = {date.fromisoformat(day) for day in row["announced_leave"].split("|") if day}
    found = dispatch_day(
        datetime.fromisoformat(row["validated_at_paris"]), holidays=HOLIDAYS, closed=frozenset(leave)
    )
    assert found == date.fromisoformat(row["expected_dispatch"])


@pytest.mark.parametrize(
    ("validated", "leaves"),
    [
        ("2026-11-16T23:59:00", "2026-11-17"),  # a Monday night: the hour counts on a dispatch day only
        ("2026-11-17T15:00:00", "2026-11-17"),
        ("2026-11-17T15:00:00.000001", "2026-11-19"),
        ("2026-11-21T08:00:00", "2026-11-24"),
    ],
)
def test_the_cut_off(validated, leaves):
    assert dispatch_day(datetime.fromisoformat(validated), holidays=HOLIDAYS) == date.fromisoformat(leaves)


def test_a_year_of_leave_is_said_and_not_waited_for():
    closed = frozenset(date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(800))
    with pytest.raises(NoDispatch):
        dispatch_day(datetime(2026, 1, 5, 10), holidays=frozenset(), closed=closed)  # noqa: DTZ001 - a wall clock


def test_the_next_days_on_which_goods_leave():
    found = dispatch_days(date(2026, 12, 22), 3, holidays=frozenset({date(2026, 12, 24)}), closed=frozenset())
    assert found == [date(2026, 12, 22), date(2026, 12, 29), date(2026, 12, 31)]
