"""A finished export waits 7 days, then is gone."""

from datetime import UTC, datetime, timedelta

from exports.policy.keeping import gone_at, is_open

READY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def test_the_link_works_seven_days():
    assert gone_at(ready_at=READY) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_and_not_an_instant_longer():
    assert is_open(now=READY, ready_at=READY)
    assert is_open(now=READY + timedelta(days=7, microseconds=-1), ready_at=READY)
    assert not is_open(now=READY + timedelta(days=7), ready_at=READY)
    assert not is_open(now=READY - timedelta(seconds=1), ready_at=READY)
