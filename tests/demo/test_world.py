"""The invented world's days, and whose database it may fill."""

from datetime import UTC, date, datetime

import pytest

from demo.gateways.database import NotADemonstration, claim, throw_away
from demo.world import WorldStopped, live_until, story
from demo.world.days import Days
from isolation.context import inside_operator


@pytest.mark.parametrize(
    "today", [date(2026, 11, 22), date(2027, 1, 1), date(2027, 9, 2), date(2028, 2, 29), date(2026, 8, 20)]
)
def test_the_story_runs_forward_on_working_days_and_never_past_now(today):
    days = Days(datetime(today.year, today.month, today.day, 7, 30, tzinfo=UTC))
    told = [days_ago for days_ago, _ in story(days)]
    assert told == sorted(told, reverse=True)
    assert all(days.ago(each).weekday() < 5 for each in told)
    assert all(days.at(each) <= days.now for each in told)


def test_the_term_never_starts_before_its_school_year():
    assert Days(datetime(2026, 9, 10, 8, tzinfo=UTC)).term_started == 9
    assert Days(datetime(2026, 11, 22, 8, tzinfo=UTC)).term_started == 79


@pytest.mark.parametrize("act", [claim, throw_away])
def test_a_database_with_real_data_is_never_filled_nor_emptied(db, act):
    with pytest.raises(NotADemonstration):
        act()


def test_time_stops_at_a_promise_that_cannot_be_kept(as_operator, now):
    from agenda.models import Obligation

    Obligation.objects.create(
        clause="LG-S12",
        kind="open-access",
        subject_id="00000000-0000-4000-8000-000000000001",
        due_at=now,
        run_at=now,
        created_at=now,
    )
    with pytest.raises(WorldStopped):
        live_until(now)
    with inside_operator():
        assert Obligation.objects.waiting().filter(attempts=1).exists()
