"""What an installation shows of a promise: missed outweighs whatever else is green."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.policy.evidence import KEPT, MISSED, MOOT, NONE, Evidence, merged

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("evidence", "live"),
    [
        (Evidence(), NONE),
        (Evidence(last_kept_at=NOW, count=1), KEPT),
        (Evidence(last_moot_at=NOW), MOOT),
        (Evidence(last_kept_at=NOW, count=1, last_moot_at=NOW - HOUR), KEPT),
        (Evidence(last_kept_at=NOW - HOUR, count=1, last_moot_at=NOW), MOOT),
        (Evidence(last_kept_at=NOW, count=99, overdue_since=NOW - HOUR), MISSED),
        (Evidence(last_kept_at=NOW, count=99, missed_lately=1, missed_at=NOW - HOUR), MISSED),
    ],
)
def test_what_is_live(evidence, live):
    assert evidence.live == live


def test_missed_since_the_oldest_still_owed_else_when_it_was():
    assert Evidence(overdue_since=NOW, missed_at=NOW - HOUR).missed_since == NOW
    assert Evidence(missed_at=NOW - HOUR).missed_since == NOW - HOUR


def test_who_knows_the_margin_speaks_and_nobody_hides_a_miss():
    counts = Evidence(last_kept_at=NOW, count=900)
    owed = Evidence(last_kept_at=NOW - HOUR, margin=HOUR, count=2, next_due_at=NOW + HOUR)
    late = Evidence(overdue_since=NOW - HOUR, missed_lately=1, missed_at=NOW - HOUR, why="disk full")
    found = merged([counts, owed, late])
    assert (found.count, found.last_kept_at, found.next_due_at) == (2, NOW, NOW + HOUR)
    assert found.margin is None  # of the act, nobody knows by how much
    assert (found.live, found.missed_since, found.why) == (MISSED, NOW - HOUR, "disk full")


def test_the_newest_event_decides_whoever_knows_it():
    agenda = Evidence(last_kept_at=NOW - 20 * HOUR, margin=HOUR, count=1, last_moot_at=NOW - 10 * HOUR)
    assert merged([agenda, Evidence(last_kept_at=NOW, count=1)]).live == KEPT
    moot = Evidence(last_moot_at=NOW, moot_lately=1)
    assert merged([moot, Evidence(last_kept_at=NOW - 60 * HOUR, count=1)]).live == MOOT
