"""LG-DBr: a backup that is restored brings back nobody who was erased since; it is gone on its own day."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections

from agenda.loop import tick
from agenda.models import Obligation
from audit.actions import log_action, verify
from classrooms.models import Student
from demo.factories.classrooms import StudentFactory
from dpa.actions.back_up import due_days, promise_backups
from dpa.actions.erase_person import erase_person
from dpa.actions.request_erasure import request_student_erasure
from dpa.gateways import backups
from isolation.context import inside, inside_operator
from isolation.gateways.opening import closed_because
from isolation.policy.names import tenant_role
from tenants.actions.change_state import erase_again
from tenants.models import Tenant
from tests import database
from tests.conftest import open_school
from tests.dpa.test_backups import made, place, stand_ins

__all__ = ["place"]


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


@pytest.mark.story(
    "LG-DBr",
    "LG-DCb",
    door="command",
    fr="Une élève et toute une école sont effacées après la sauvegarde de la nuit ; la machine est perdue, "
    "la sauvegarde restaurée ailleurs : les deux sont effacées à nouveau avant que quiconque entre, le reste "
    "est là, et sans registre complet rien n’ouvre.",
)
@pytest.mark.usefixtures("committed")
def test_the_drill_a_restored_backup_brings_nobody_back(place, now):
    """A pupil and a whole school are erased after the night's backup; the machine is lost and the backup
    restored elsewhere: both are erased again before anybody comes in, the rest is there, and without a whole
    ledger nothing opens.
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
    call_command("backup", stdout=StringIO())
    (path,) = {each.parent for each in (place / "backups").glob(f"*/{backups.MANIFEST}")}
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


@pytest.mark.story(
    "LG-DCb",
    "LG-DBr",
    door="agenda",
    fr="Chaque nuit une sauvegarde se fait ; celle d’un lundi tient quatre semaines, celle d’un premier du "
    "mois six mois : le disque se remplit, plus aucune ne se fait, et les anciennes partent quand même à "
    "leur jour.",
)
@pytest.mark.usefixtures("db")
def test_a_backup_goes_on_its_day_though_none_is_made_any_more(place, now, monkeypatch, clock):
    """Every night a backup is made; one of a Monday is kept four weeks, one of the first of a month six
    months: the disk fills up, none is made any more, and the old ones go on their day all the same.
    """
    days = "2026-05-17", "2026-06-01", "2026-10-01", "2026-10-19", "2026-11-02", "2026-11-09", "2026-11-15"
    stand_ins(place, *days)
    monkeypatch.setattr(backups, "write", lambda **_: made(place, datetime.now(UTC)))
    promise_backups(now)
    clock.move_to(now.replace(hour=5) + timedelta(days=1))
    tick(datetime.now(UTC))
    assert [path.name[:10] for path in due_days()] == [*days[1:3], *days[4:], "2026-11-17"]
    monkeypatch.setattr(backups, "write", lambda **_: (_ for _ in ()).throw(OSError("the disk is full")))
    for days in (2, 10, 16, 22, 30):
        clock.move_to(now.replace(hour=5) + timedelta(days=days))
        tick(datetime.now(UTC))
    assert [path.name[:10] for path in due_days()] == ["2026-10-01", "2026-11-02"]
    with inside_operator():
        failing = Obligation.objects.waiting().get(clause="LG-DCb", kind="nightly")
        assert failing.failure
