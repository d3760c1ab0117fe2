"""LG-DBr: gone within 24 hours, out of the backups 6 months later, never kept more than 2 years unasked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.months import months_after
from dpa.policy.erasure import can_undo, erasure_clock, forgotten_by_backups_on
from dpa.policy.retention import ends_on

ASKED = datetime(2026, 11, 16, 14, 5, tzinfo=UTC)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis wants bare bounds


def test_a_deletion_asked_at_14_05_can_be_undone_until_02_05_and_is_promised_for_14_05():
    clock = erasure_clock(asked_at=ASKED, hours=24, undo_hours=12, alarm_hours=18)
    assert clock.undo_until == datetime(2026, 11, 17, 2, 5, tzinfo=UTC)
    assert clock.alarm_at == datetime(2026, 11, 17, 8, 5, tzinfo=UTC)
    assert clock.due_at == datetime(2026, 11, 17, 14, 5, tzinfo=UTC)


def test_hours_are_real_hours_when_the_clocks_change():
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight in Paris; the night has 25 hours
    assert erasure_clock(asked_at=night, hours=24, undo_hours=12, alarm_hours=18).due_at == night + timedelta(
        hours=24
    )


def test_it_can_be_undone_until_the_last_instant_and_not_at_it():
    clock = erasure_clock(asked_at=ASKED, hours=24, undo_hours=12, alarm_hours=18)
    assert can_undo(now=clock.undo_until - timedelta(microseconds=1), undo_until=clock.undo_until)
    assert not can_undo(now=clock.undo_until, undo_until=clock.undo_until)


@pytest.mark.parametrize(("hours", "undo"), [(24, 24), (12, 12), (24, -1), (10, 12)])
def test_an_undo_that_leaves_no_time_to_erase_is_refused(hours, undo):
    with pytest.raises(ValueError, match="undo"):
        erasure_clock(asked_at=ASKED, hours=hours, undo_hours=undo, alarm_hours=18)


@given(asked=instants, hours=st.integers(2, 24 * 40), undo=st.integers(0, 24), alarm=st.integers(0, 100))
def test_the_instants_come_in_order_and_never_past_the_promise(asked, hours, undo, alarm):
    if undo >= hours:
        return
    clock = erasure_clock(asked_at=asked, hours=hours, undo_hours=undo, alarm_hours=alarm)
    assert clock.asked_at <= clock.undo_until < clock.alarm_at < clock.due_at
    assert clock.due_at - clock.asked_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("erased", "forgotten"),
    [
        (date(2026, 11, 17), date(2027, 5, 17)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_the_last_backup_forgets_six_months_after(erased, forgotten):
    assert forgotten_by_backups_on(erased_on=erased, months=6, configured=True) == forgotten


def test_without_a_backup_there_is_no_day_to_name():
    assert forgotten_by_backups_on(erased_on=date(2026, 11, 17), months=6, configured=False) is None


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(0, 120))
def test_months_are_counted_on_the_calendar(day, months):
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("left", "trace", "ended", "expected"),
    [
        (date(2024, 7, 5), date(2024, 7, 1), None, date(2026, 7, 1)),
        (date(2024, 7, 5), date(2025, 3, 1), None, date(2026, 7, 5)),
        (None, date(2026, 11, 1), date(2024, 12, 31), date(2026, 12, 31)),
        (None, None, None, None),
    ],
)
def test_unasked_data_goes_two_years_after_whichever_comes_first(left, trace, ended, expected):
    assert ends_on(left_on=left, last_trace_on=trace, ended_on=ended, days=730) == expected
