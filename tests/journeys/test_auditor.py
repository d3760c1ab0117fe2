"""The auditor comes: reads for two days the trail, the register and the evidence, and nothing else."""

import re
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from audit.models import Entry
from demo.factories.classrooms import ClassFactory, StudentFactory
from demo.factories.people import PASSWORD, person_with
from isolation.context import inside
from people.models import Role
from tests.clauses.stage import later, read

AUDITOR = "audit@controle.example"
EVIDENCE = ("audit:trail", "agenda:timeline", "contracts:promises", "dpa:home", "dpa:erasures")
WORK = (
    "classrooms:classes",
    "classrooms:students",
    "classrooms:record",
    "classrooms:imports",
    "learning:results",
    "people:list",
    "people:invite",
    "billing:tenant_invoices",
    "classrooms:family",
)


@pytest.fixture
def head(school: Any, now: Any, db: None) -> Any:
    """Return the head of a school with a pupil."""
    with inside(school):
        StudentFactory(first_name="Zéphyrine", last_name="Petit", school_class=ClassFactory())
        return person_with("administrator", now=now, email="direction@ecole.example")


def at(name: str, **of: Any) -> str:
    """Return the address of a page of the school."""
    return reverse(name, urlconf="config.urls_tenant", kwargs=of)


def test_for_two_days_an_auditor_reads_the_evidence_and_nothing_else(browse, clock, school, head):
    office = browse(school, head)
    with inside(school):
        role = Role.objects.get(shipped="auditor")
        pupil = StudentFactory()
    asked = {"email": AUDITOR, "role": str(role.pk), "language": "fr"}
    assert office.post(at("people:invite"), asked).status_code == 200  # never without an end
    assert office.post(at("people:invite"), asked | {"ends_on": "2026-11-18"}).status_code == 302
    later(clock, minutes=1)
    door = re.search(r"/invitation/[^\s/]+/", next(m for m in mail.outbox if m.to == [AUDITOR]).body)
    assert door
    auditor = browse(school)
    boxes = re.findall(r'name="(terms_[^"]+)"', auditor.get(door[0]).content.decode())
    names = {"first_name": "Ada", "last_name": "Roy", "password": PASSWORD}
    assert auditor.post(door[0], names | dict.fromkeys(boxes, "on")).status_code == 302

    # the trail, the register, the evidence: in reach from the first page
    home = auditor.get("/").content.decode()
    for name in ("audit:trail", "agenda:timeline", "contracts:promises"):
        assert at(name) in home
    for name in EVIDENCE:
        assert auditor.get(at(name)).status_code == 200, name
    assert "Ada Roy" in read(auditor.get(at("audit:trail")))
    assert auditor.post(at("audit:verify")).status_code == 302

    # nothing else, and nothing is changed
    for name in WORK:
        assert auditor.get(at(name)).status_code == 403, name
    assert auditor.get(at("classrooms:student", student_id=pupil.pk)).status_code == 403
    assert "Zéphyrine" not in read(auditor.get(at("dpa:home")))
    erase = at("dpa:request_student_erasure", subject_id=pupil.pk)
    assert auditor.post(erase, {"confirm_name": str(pupil)}).status_code == 403
    assert "Annexe B" in read(auditor.get(at("dpa:annex")))
    assert "Enregistrer" not in read(auditor.get(at("dpa:retention")))
    assert auditor.post(at("dpa:retention_set"), {}).status_code == 403
    assert auditor.post(at("dpa:annex_change"), {"subject": "guardian", "add": "1"}).status_code == 403
    with inside(school):
        assert Entry.objects.filter(verb="access.denied").count() >= len(WORK)

    # two days later access is over by itself
    typed = {"login": AUDITOR, "password": PASSWORD}
    later(clock, hours=36)
    back = browse(school)
    back.post(at("account_login"), typed)
    assert back.get(at("audit:trail")).status_code == 200
    later(clock, hours=14)
    back = browse(school)
    back.post(at("account_login"), typed)
    assert back.get(at("audit:trail")).status_code == 403
