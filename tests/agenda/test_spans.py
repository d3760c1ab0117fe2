"""From when and until when a promise may be kept: never the same instant."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from agenda.actions import instant, open_obligation
from agenda.policy.spans import at_instant, on_day
from contracts.registry import instant_slack, profiles
from isolation.context import inside_operator

PARIS = ZoneInfo("Europe/Paris")
SLACK = timedelta(minutes=15)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_instant_is_kept_within_its_slack():
    at = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    assert at_instant(at, slack=SLACK) == {"run_at": at, "due_at": at + SLACK}


def test_nothing_is_done_in_no_time():
    with pytest.raises(ValueError, match="some time"):
        at_instant(EARLY, slack=timedelta(0))


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 28, 23, tzinfo=UTC), datetime(2028, 2, 29, 23, tzinfo=UTC)),
    ],
)
def test_a_day_runs_from_its_start_to_its_end_where_it_is_lived(day, starts, ends):
    span = on_day(day, zone=PARIS, now=EARLY, slack=SLACK)
    assert (span["run_at"], span["due_at"]) == (starts, ends)


def test_a_day_that_opens_later_ends_all_the_same():
    span = on_day(date(2026, 11, 16), zone=PARIS, now=EARLY, slack=SLACK, opens=time(9))
    assert span["run_at"] == datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert span["due_at"] == datetime(2026, 11, 16, 23, tzinfo=UTC)


def test_a_day_that_has_passed_is_kept_at_once():
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    span = on_day(date(2026, 11, 16), zone=PARIS, now=now, slack=SLACK)
    assert span == {"run_at": now, "due_at": now + SLACK}


def test_the_slack_is_the_least_that_any_offer_gives(now):
    assert instant_slack() == timedelta(minutes=min(p.agenda.slack_minutes for p in profiles(on=now.date())))
    assert instant(now)["due_at"] - now == instant_slack()


@pytest.mark.django_db
def test_a_promise_without_time_is_refused_and_one_past_its_time_is_missed(now):
    with inside_operator():
        with pytest.raises(ValueError, match="leaves no time"):
            open_obligation("T-1", subject=uuid4(), run_at=now, due_at=now, now=now)
        late = open_obligation("T-1", subject=uuid4(), run_at=now, due_at=now - timedelta(days=1), now=now)
        assert late.due_at < now
