"""After a restore: the ledger erases again, once; torn lines are cut, old ones pruned."""

import io
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from agenda.loop import tick
from audit.actions import verify
from classrooms.models import Student
from demo.factories.classrooms import StudentFactory
from dpa.actions.replay_erasures import replay_erasures
from dpa.actions.request_erasure import request_student_erasure
from dpa.gateways import ledger
from dpa.models import Erasure, ErasureEvidence
from dpa.policy.ledger import BrokenLedger, Line
from learning.models import Activity, Result
from tests.dpa.conftest import FIRST, LAST


def line(now, **changes):
    values = {
        "deletion": uuid4(),
        "tenant": uuid4(),
        "kind": "student",
        "subjects": (uuid4(),),
        "asked_at": now,
        "erased_at": now,
    }
    return Line(**values | changes)


def test_who_was_erased_does_not_come_back_from_a_backup(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + timedelta(hours=12))
    StudentFactory(id=world.pupil.pk, first_name=FIRST, last_name=LAST)  # the backup brings them back
    Result.objects.create(student_id=world.pupil.pk, activity=Activity.objects.get(), score=1, done_at=now)
    ErasureEvidence.objects.filter(deletion_id=deletion.pk)
    later = now + timedelta(days=3)
    done = replay_erasures(ledger.lines(), now=later)
    assert (done.lines, done.again, done.unknown) == (1, 1, 0)
    assert done.rows == 2
    assert not Student._base_manager.filter(pk=world.pupil.pk).exists()
    assert verify().is_whole
    again = replay_erasures(ledger.lines(), now=later)
    assert (again.again, again.rows) == (0, 0)


def test_a_backup_older_than_the_wish_gets_its_row_and_its_evidence(world, now):
    erased = line(now, tenant=world.tenant.pk, subjects=(world.pupil.pk,))
    ledger.append(erased)
    assert replay_erasures(ledger.lines(), now=now).again == 1
    assert Erasure.objects.get(pk=erased.deletion).state == "erased"
    assert ErasureEvidence.objects.get(deletion_id=erased.deletion).erased_at == now
    assert Student.objects.filter(pk=world.other.pk).exists()


def test_a_tenant_that_is_gone_is_said(world, now):
    ledger.append(line(now))
    out = io.StringIO()
    call_command("replay_erasures", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"lines": 1, "erased_again": 0, "rows": 0, "unknown_tenants": 1}


def test_the_command_takes_another_ledger_and_refuses_a_broken_one(world, now, tmp_path):
    with pytest.raises(CommandError, match="no ledger"):
        call_command("replay_erasures", "--ledger", str(tmp_path / "none.jsonl"))
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n")
    with pytest.raises(CommandError, match="line 1"):
        call_command("replay_erasures", "--ledger", str(broken))


def test_the_same_erasure_stands_once(now):
    one = line(now)
    assert ledger.append(one)
    assert not ledger.append(one)
    assert list(ledger.lines()) == [one]


def test_a_torn_line_is_cut_off_and_the_chain_goes_on(now, settings):
    first = line(now)
    second = line(now)
    ledger.append(first)
    with Path(settings.ERASURE_LEDGER).open("a") as file:
        file.write('{"after": "torn by a power')
    ledger.append(second)
    assert list(ledger.lines()) == [first, second]


def test_a_line_taken_out_by_hand_is_found(now, settings):
    for _number in range(3):
        ledger.append(line(now))
    path = Path(settings.ERASURE_LEDGER)
    kept = path.read_text().splitlines()
    path.write_text(f"{kept[0]}\n{kept[2]}\n")
    with pytest.raises(BrokenLedger):
        list(ledger.lines())
    with pytest.raises(CommandError, match="line 2"):
        call_command("verify_ledger")


def test_after_seven_months_a_line_goes(now):
    old = line(now - timedelta(days=220))
    young = line(now)
    ledger.append(old)
    ledger.append(young)
    assert ledger.prune(today=now.date()) == 1
    assert list(ledger.lines()) == [young]
    third = line(now)
    ledger.append(third)
    assert list(ledger.lines()) == [young, third]


def test_the_agenda_prunes(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + timedelta(hours=12))
    tick(now + timedelta(days=215))
    assert list(ledger.lines()) == []


@pytest.mark.parametrize("end", [40, 300, 900, 5_000])
def test_only_the_end_of_a_long_ledger_is_looked_at(settings, tmp_path, monkeypatch, now, end):
    """Whatever fits into what is read, the lines stay a chain, and what was torn is cut off."""
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    monkeypatch.setattr(ledger, "END_BYTES", end)
    told = [line(now, subjects=tuple(uuid4() for _n in range(1 + n % 20))) for n in range(40)]
    for one in told:
        assert ledger.append(one)
    assert not ledger.append(told[-1])
    with settings.ERASURE_LEDGER.open("a") as file:
        file.write('{"deletion": "torn')
    last = line(now)
    assert ledger.append(last)
    assert [each.deletion for each in ledger.lines()] == [each.deletion for each in (*told, last)]
