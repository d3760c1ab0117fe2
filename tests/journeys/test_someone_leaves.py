"""Someone leaves: a parent, a pupil, a family; in 24 hours each is gone, and a certificate says so."""

import json
import re
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.data import verify_preau
from classrooms.models import Household, Student
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.people import person_with
from isolation.context import inside
from people.models import Person
from tests.clauses.stage import archive_of, fetched, later, read
from tests.tenants.families import Two

ALL = reverse("exports:ask", urlconf="config.urls_tenant", args=["children"])


def asked_anew(browser: Client, page: str, name: str) -> str:
    """Return the address of a deletion asked for on a page that wants the name typed."""
    assert browser.post(page, {"confirm_name": "quelqu’un d’autre"}).status_code == 400
    answer: Any = browser.post(page, {"confirm_name": name})
    assert answer.status_code == 302
    return str(answer.url)


@pytest.fixture
def creche(nursery: Any, now: Any, db: None) -> Any:
    """Return a nursery with a child, what is kept of it, and the people around."""
    with inside(nursery):
        head = person_with("administrator", now=now, email="direction@creche.example")
        carer = person_with("teacher", now=now, email="lea@creche.example")
        parent = person_with("guardian", now=now, email="sami@famille.example")
        child = StudentFactory(first_name="Zéphyrine", last_name="Petit", school_class=ClassFactory())
        TeachingFactory(person=carer, school_class=child.enrolments.get().school_class)
        GuardianFactory(email=parent.email, person=parent, of=[child], joined_at=now)
        ObservationFactory(author=carer, text="Elle marche seule.", state="shared", of=[child])
    return SimpleNamespace(tenant=nursery, head=head, carer=carer, parent=parent, child=child)


def test_a_parent_takes_everything_along_and_the_record_stays_until_the_nursery_deletes_the_child(
    browse, clock, creche
):
    # the parent asks for everything, and fetches a ZIP with a PDF
    home = browse(creche.tenant, creche.parent)
    archive = archive_of(fetched(home, home.post(ALL).url, clock))
    assert {"json", "pdf"} <= {name.rpartition(".")[2] for name in archive}
    assert b"Elle marche seule." in b"".join(archive.values())

    # then deletes their own account: it is gone within the day, the child's record is not
    mine = reverse("dpa:my_data")
    assert "Votre compte est fermé" in read(home.post(mine, {"confirm_name": creche.parent.name}))
    later(clock, hours=13)
    with inside(creche.tenant):
        assert not Person.objects.filter(pk=creche.parent.pk).exists()
    pupil = reverse("classrooms:student", args=[creche.child.pk])
    seen = read(browse(creche.tenant, creche.carer).get(pupil))
    assert "Zéphyrine Petit" in seen
    assert "sami@famille.example" not in seen

    # the nursery deletes the child: told what will go, it can still change its mind
    office = browse(creche.tenant, creche.head)
    page = reverse("dpa:request_student_erasure", args=[creche.child.pk])
    assert re.search(r"1 observation", read(office.get(page)))
    asked = asked_anew(office, page, "Zéphyrine Petit")
    assert office.get(pupil).status_code == 404
    assert office.post(f"{asked}undo/").status_code == 302
    assert "Zéphyrine Petit" in read(office.get(pupil))
    asked = asked_anew(office, page, "Zéphyrine Petit")
    later(clock, hours=13)

    # in 24 hours it is gone, and the certificate says what, when, and when the last backup forgets
    with inside(creche.tenant):
        assert not Student._base_manager.filter(pk=creche.child.pk).exists()
    office = browse(creche.tenant, creche.head)
    certificate = office.get(f"{asked}certificate.json")
    facts = json.loads(certificate.content)
    words = json.dumps(facts, ensure_ascii=False)
    assert "Petit" not in words
    assert facts["erased_at"] <= facts["promised_at"]
    assert facts["rows"]["classrooms.Student"] == 1, facts
    assert facts["backups"]["forgotten_on"] > facts["erased_at"][:10]
    assert office.get(f"{asked}certificate.pdf").content.startswith(b"%PDF")

    # signed, it is verified with the published keys alone, and found again by its reference
    keys = verify_preau.keys_told(office.get("/.well-known/preau-keys.txt").content.decode())
    note = office.get(f"{asked}certificate.txt").content.decode()
    assert json.loads(verify_preau.opened(note, keys)) == facts
    told = StringIO()
    call_command("erasure_certificate", facts["reference"].lower(), json=True, stdout=told)
    assert json.loads(told.getvalue()) == facts
    with pytest.raises(CommandError, match="No erasure is called"):
        call_command("erasure_certificate", "0000-0000-0000")


def test_a_family_deletes_all_of_it(browse, clock, now):
    two = Two(now)
    mine = reverse("dpa:my_data", urlconf="config.urls_tenant")
    home = browse(two.tenant, two.parents[0])
    assert "Lina" in read(home.get(reverse("classrooms:household", urlconf="config.urls_tenant")))
    assert "Votre compte est fermé" in read(home.post(mine, {"confirm_name": two.parents[0].name}))
    later(clock, hours=13)
    with inside(two.tenant):
        assert [each.first_name for each in Student._base_manager.all()] == ["Moussa"]
        assert not Person.objects.filter(pk=two.parents[0].pk).exists()
        assert Household.objects.filter(guardians__person=two.parents[1]).exists()
    neighbours = browse(two.tenant, two.parents[1])
    assert "Moussa" in read(neighbours.get(reverse("classrooms:household", urlconf="config.urls_tenant")))
    assert any("nadia@roussel.example" in each.to for each in mail.outbox)
