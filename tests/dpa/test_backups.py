"""Backups: made every night, destroyed on their day, restored without bringing anybody back."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agenda.loop import tick
from agenda.models import Obligation
from audit.actions import log_action, verify
from classrooms.models import Student
from contracts.policy.months import months_after
from demo.factories.classrooms import StudentFactory
from dpa.actions.back_up import back_up, due_days, promise_backups
from dpa.actions.erase_person import erase_person
from dpa.actions.request_erasure import request_student_erasure
from dpa.gateways import backups
from dpa.policy.rotation import kept_until
from isolation.context import inside, inside_operator
from isolation.gateways.opening import closed_because, closed_while
from isolation.policy.names import tenant_role
from tenants.actions.change_state import erase_again
from tenants.models import Tenant
from tests import database
from tests.conftest import open_school

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


def search_everything(words):
    """Return the tables of the database in which a text stands, of every schema."""
    found = []
    with database.connect(connections["default"].settings_dict["NAME"]) as server:
        tables = server.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            query = f"SELECT 1 FROM {table} AS t WHERE t::text ILIKE %s LIMIT 1"
            if server.execute(query, [f"%{words}%"]).fetchone():
                found.append(table)
    return found


def forget_database(name, *tenants):
    """Throw the database away with the roles of these tenants, and make it again, empty: another machine."""
    connections.close_all()
    with database.connect("postgres") as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        for tenant in tenants:
            server.execute(f'DROP ROLE IF EXISTS "{tenant_role(name, tenant.pk)}"')
        server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")


def roles_of(name):
    with database.connect(name) as server:
        return {row[0] for row in server.execute("SELECT rolname FROM pg_roles").fetchall()}


def erased(student, now):
    """Erase a pupil as the agenda does, step by step."""
    asked = request_student_erasure(student_ids=[student.pk], by=None, now=now)
    for _step in range(3):
        erase_person(deletion_id=asked.pk, now=now + timedelta(days=1))


@pytest.mark.usefixtures("committed")
def test_the_drill_a_restored_backup_brings_nobody_back(place, now):
    """A canary is planted, backed up and erased; a whole school goes too; then everything is lost and
    restored.
    """
    name = connections["default"].settings_dict["NAME"]
    school = open_school("perdrix", "École des Perdrix", ["school"], licences=20)
    gone = open_school("nid", "École du Nid", ["school"], licences=20)
    with inside(school):
        canary = StudentFactory.create(first_name="Canarine", last_name="Zxqvolt")
        stays = StudentFactory.create(first_name="Perdrix", last_name="Restante")
        said = {"personal": {"name": "Canarine Zxqvolt"}, "about": [canary.pk]}
        log_action("student.created", by=None, on=canary, at=now, **said)
        file = default_storage.save(f"{school.pk}/photos/{uuid4()}.jpg", ContentFile(b"a photo"))
    with inside(gone):
        StudentFactory.create(first_name="Moineau", last_name="Zxqnid")
    path = back_up(now=now)
    assert json.loads((path / backups.MANIFEST).read_text())["database"] == name

    with inside(school):
        erased(canary, now + timedelta(hours=2))
    with inside_operator():
        erase_again(tenant_id=gone.pk, now=now + timedelta(hours=2))
    assert search_everything("Zxqvolt") == []

    default_storage.delete(file)
    shutil.rmtree(settings.MEDIA_ROOT)
    forget_database(name, school, gone)
    out = StringIO()
    call_command("restore", str(path), stdout=out)
    assert "2 erasures in the ledger, 2 done again" in out.getvalue()
    assert closed_because() == ""
    assert search_everything("Zxqvolt") == []
    assert search_everything("Zxqnid") == []
    with inside(school):
        assert list(Student.objects.all()) == [stays]
        assert verify().is_whole
    assert default_storage.open(file).read() == b"a photo"
    with inside_operator():
        assert Tenant.objects.get(pk=gone.pk).state == "erased"
    assert tenant_role(name, school.pk) in roles_of(name)
    assert tenant_role(name, gone.pk) not in roles_of(name)

    with pytest.raises(CommandError, match="isn't empty"):
        call_command("restore", str(path), stdout=StringIO())
    Path(settings.ERASURE_LEDGER).unlink()
    told = json.loads((path / backups.MANIFEST).read_text()) | {"ledger_lines": 1, "ledger_last": "0" * 64}
    (path / backups.MANIFEST).write_text(json.dumps(told))
    with pytest.raises(CommandError, match="ledger"):
        call_command("restore", str(path), stdout=StringIO())


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
