"""Backups: made every night, destroyed on their day, restored without bringing anybody back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agenda.loop import tick
from agenda.models import Obligation
from contracts.policy.months import months_after
from dpa.actions.back_up import back_up, due_days, promise_backups
from dpa.gateways import backups
from dpa.policy.rotation import kept_until
from isolation.context import inside_operator
from isolation.gateways.opening import closed_because, closed_while

MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("made", "earlier", "gone"),
    [
        (date(2026, 11, 1), [], date(2027, 5, 1)),  # the first of its month
        (date(2026, 8, 31), [], date(2027, 2, 28)),
        (date(2026, 11, 16), [date(2026, 11, 1)], date(2026, 12, 14)),  # the first of its week
        (date(2026, 11, 17), [date(2026, 11, 1), date(2026, 11, 16)], date(2026, 11, 24)),
        (date(2026, 11, 18), [date(2026, 11, 1)], date(2026, 12, 16)),  # Monday's and Tuesday's failed
    ],
)
def test_the_day_a_backup_is_destroyed(made, earlier, gone):
    assert kept_until(made, earlier, months=6) == gone


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60))
def test_none_outlives_an_erasure_by_more_than_six_months(days):
    made = sorted(days)
    for rank, day in enumerate(made):
        assert day < kept_until(day, made[:rank], months=6) <= months_after(day, 6)


@pytest.fixture
def place(tmp_path, settings):
    """Give this installation a folder of files, a ledger and a place for backups of its own."""
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.STATE = tmp_path / "state"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "ledger" / "erasures.jsonl"
    return tmp_path


def stand_ins(place, *days):
    """Make what looks like a backup of each day."""
    for day in days:
        path = place / "backups" / f"{day}T020000Z"
        path.mkdir(parents=True)
        (path / backups.MANIFEST).write_text("{}")


@pytest.mark.usefixtures("db")
def test_the_backups_whose_day_has_come_are_destroyed_though_the_new_one_fails(place, now, monkeypatch):
    stand_ins(place, "2026-05-16", "2026-05-17", "2026-11-01", "2026-11-08", "2026-11-09")
    monkeypatch.setattr(backups, "write", lambda **_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        back_up(now=now)
    assert [path.name[:10] for path in due_days()] == ["2026-11-01", "2026-11-08", "2026-11-09"]


@pytest.mark.usefixtures("db")
def test_it_is_promised_every_night_where_a_place_was_set(place, now, monkeypatch, clock):
    monkeypatch.setattr(backups, "write", lambda **_: made(place, datetime.now(UTC)))
    promise_backups(now)
    promise_backups(now)
    with inside_operator():
        assert Obligation.objects.waiting().filter(clause="LG-DCb").count() == 2
    for night in (1, 2):
        clock.move_to(now.replace(hour=5) + timedelta(days=night))
        tick(datetime.now(UTC))
    with inside_operator():
        rows = Obligation.objects.filter(clause="LG-DCb", kind="nightly")
        assert [row.state for row in rows.order_by("run_at")] == ["kept", "kept", "owed"]
    assert [path.name[:10] for path in due_days()] == ["2026-11-17", "2026-11-18"]


def made(place, at):
    stand_ins(place, str(at.date()))
    return place / "backups" / f"{at.date()}T020000Z"


@pytest.mark.usefixtures("db")
def test_nothing_is_promised_where_backups_are_made_elsewhere(monkeypatch, now):
    monkeypatch.setattr(settings, "BACKUP_DIR", "")
    with inside_operator():
        before = Obligation.objects.filter(clause="LG-DCb").count()
    promise_backups(now)
    with inside_operator():
        assert Obligation.objects.filter(clause="LG-DCb").count() == before
    with pytest.raises(CommandError, match="PREAU_BACKUP_DIR"):
        call_command("backup", stdout=StringIO())


@pytest.mark.usefixtures("db")
def test_nobody_is_served_and_nothing_is_done_while_a_backup_is_restored(place, now):
    with pytest.raises(ValueError, match="in the middle"), closed_while("a restore"):
        raise ValueError("in the middle")
    assert closed_because() == "a restore"
    browser = Client()
    assert browser.get("/", HTTP_HOST="localhost").status_code == 503
    assert browser.get("/health/ready").status_code == 503
    assert browser.get("/health/live").status_code == 200
    assert tick(now) == 0


@pytest.mark.parametrize("part", [backups.DATABASE, backups.FILES, backups.MANIFEST])
def test_a_backup_that_is_not_whole_is_refused(place, part):
    stand_ins(place, "2026-11-16")
    path = place / "backups" / "2026-11-16T020000Z"
    (path / backups.DATABASE).write_bytes(b"x")
    (path / backups.FILES).write_bytes(b"y")
    (path / backups.MANIFEST).write_text(
        json.dumps(
            {
                "made_at": "2026-11-16T02:00:00+00:00",
                "database": "preau",
                "tenants": [],
                "ledger_lines": 0,
                "ledger_last": "",
                "digests": {name: backups._digest(path / name) for name in (backups.DATABASE, backups.FILES)},
            }
        )
    )
    assert backups.manifest_of(path).database == "preau"
    (path / part).write_bytes(b"{}")
    with pytest.raises(backups.BackupBroken):
        backups.manifest_of(path)
