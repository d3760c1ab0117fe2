"""The same small world in two schools: one of everything an address can name, and one person of each role."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from PIL import Image

from billing.models import Invoice
from classrooms.actions.add_photo import add_photo
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.models import Group, GroupStudent, Guardianship
from contracts.models import TermsVersion
from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
    YearFactory,
)
from demo.factories.learning import ResultFactory
from demo.factories.people import person_with
from dpa.actions.hold_data import hold_data
from dpa.actions.open_request import open_request
from dpa.actions.record_breach import BreachFacts, record_breach, scope_breach
from dpa.actions.request_erasure import request_student_erasure
from dpa.actions.send_breach_notice import send_breach_notice
from dpa.models import BreachNotice
from dpa.queries.mails import undo_token
from exports.actions.ask_export import ask_export
from exports.queries import download_token
from isolation.context import inside, inside_operator
from people.actions.invite import invite
from people.models import Membership, Role
from tests.conftest import NOW
from tests.walls.processors import accepted_annexes, processor_papers

HEADER = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE; Cycle;"
    "Niveau;Libellé classe;Identifiant classe"
)
ROLES = ("administrator", "teacher", "professional", "guardian", "student", "finance_contact", "auditor")


@dataclass(slots=True)
class World:
    """Who is there, and what each parameter of an address can be for them.

    `special` names an address's own.
    """

    tenant: Any
    people: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    special: dict[str, dict[str, Any]] = field(default_factory=dict)

    def kwargs(self, address: Any) -> dict[str, Any]:
        """Return what an address is called with. Raises KeyError on a parameter nobody has thought of."""
        mine = self.objects | self.special.get(address.name, {})
        return {name: mine[name] for name in address.parameters}


def build(tenant: Any) -> World:
    """Return a world made inside a tenant, for the length of a test."""
    world = World(tenant)
    with inside_operator():
        catalogue()
        invoice = invoice_of(order_signed(ContactFactory(), now=NOW))
        Invoice.objects.filter(pk=invoice.pk).update(tenant_id=tenant.pk)
        notice = told_of_a_breach(tenant)
        world.objects |= {
            "breach_id": notice.breach_id,
            "language": "fr",
            "invoice_id": invoice.pk,
            "terms_id": TermsVersion.objects.values_list("pk", flat=True)[0],
            "change_id": processor_papers(tenant, NOW)["change_id"],
            "annex_id": accepted_annexes(tenant, NOW).pk,
        }
    with inside(tenant):
        for role in ROLES:
            world.people[role] = person_with(
                role, now=NOW, username=f"mur.{role}", email=f"{role}@mur.example"
            )
        world.people["stranger"] = person_with(
            "teacher", now=NOW, username="mur.autre", email="autre@mur.example"
        )
        _school(world)
        _paper(world)
    return world


def told_of_a_breach(tenant: Any) -> BreachNotice:
    """Return the notice a school got of a breach."""
    began_at = NOW - timedelta(days=1)
    facts = BreachFacts(NOW, began_at, None, "x", "x", ["confidentiality"])
    breach = record_breach(facts=facts, is_drill=False, by=None, now=NOW)
    scope = {"tenant_ids": [tenant.pk], "categories": ["contact"], "account_id": None}
    (affected,) = scope_breach(breach=breach, by=None, now=NOW, **scope)
    return send_breach_notice(affected=affected, by=None, now=NOW)


def _school(world: World) -> None:
    people = world.people
    objects = world.objects
    year = YearFactory()
    school_class = ClassFactory(year=year)
    student = StudentFactory(school_class=school_class, person=people["student"])
    for role in ("teacher", "professional"):
        TeachingFactory(person=people[role], school_class=school_class)
    group = (
        Group.objects.create(year=year, name="Lecture", created_at=NOW) if _has_created_at(Group) else None
    )
    group = group or Group.objects.create(year=year, name="Lecture")
    GroupStudent.objects.create(group=group, student=student)
    guardian = GuardianFactory(of=[student], person=people["guardian"])
    observation = ObservationFactory(author=people["teacher"], of=[student], state="kept")
    photo = add_photo(observation=observation, upload=picture(), caption="", by=people["teacher"], now=NOW)
    observation.state, observation.shared_at = "shared", NOW
    observation.save()
    result = ResultFactory(student=student, entered_by=people["teacher"])
    objects |= {
        "class_id": school_class.pk,
        "group_id": group.pk,
        "student_id": student.pk,
        "child_id": student.pk,
        "guardian_id": guardian.pk,
        "guardianship_id": Guardianship.objects.get(student=student).pk,
        "observation_id": observation.pk,
        "photo_id": photo.pk,
        "result_id": result.pk,
    }


def _has_created_at(model: Any) -> bool:
    return any(field.name == "created_at" for field in model._meta.fields)


def _paper(world: World) -> None:
    people = world.people
    objects = world.objects
    tenant = world.tenant
    administrator = people["administrator"]
    today = tenant.today(NOW)
    upload = Upload(f"{HEADER}\nRoy;;Léa;03/02/2018;F;1;CYCLE II;CE1;CE1 A;77".encode(), None, "eleves.csv")
    batch = prepare_import(upload, tenant=tenant, by=administrator, now=NOW, today=today)
    invitation = invite(email="nouveau@mur.example", role_key="teacher", by=administrator, now=NOW)
    leaving = StudentFactory(last_name="Partant")
    asked = open_request(
        right="access",
        origin="app",
        received_at=NOW,
        now=NOW,
        person_id=people["administrator"].pk,
        subjects=[objects["student_id"]],
    )
    until = {"ground": "dispute", "reason": "x", "ends_on": date(2027, 11, 16)}
    hold = hold_data(subjects=[objects["student_id"]], by=administrator, now=NOW, **until)
    deletion = request_student_erasure(student_ids=[leaving.pk], by=administrator, now=NOW)
    jobs = {
        role: ask_export(kind=kind, subject_id=about, by=people[role], now=NOW)
        for role, kind, about in _asked(world)
    }
    objects |= {
        "batch_id": batch.pk,
        "person_id": people["teacher"].pk,
        "membership_id": Membership.objects.get(person=people["teacher"]).pk,
        "role_id": Role.objects.get(shipped="teacher").pk,
        "invitation_id": invitation.pk,
        "deletion_id": deletion.pk,
        "request_id": asked.pk,
        "hold_id": hold.pk,
        "job_id": jobs["administrator"].pk,
        "clause": "LG-S12",
        "kind": "school",
        "subject_id": people["professional"].pk,
        "token": download_token(jobs["administrator"]),
    }
    world.special |= {
        "dpa:request_student_erasure": {"subject_id": objects["student_id"]},
        "dpa:request_guardian_erasure": {"subject_id": objects["guardian_id"]},
        "dpa:undo_by_link": {"token": undo_token(deletion)},
        "people:invited": {"token": invitation.token},
        "exports:ask": {"kind": "student", "subject_id": objects["student_id"]},
        "account_reset_password_from_key": {"uidb36": "0", "key": "set-password"},
        "account_confirm_email": {"key": "0" * 32},
    }


def _asked(world: World) -> list[tuple[str, str, Any]]:
    return [
        ("administrator", "school", None),
        ("teacher", "class", world.objects["class_id"]),
        ("guardian", "children", world.objects["student_id"]),
    ]


def absent(own: dict[str, Any]) -> dict[str, Any]:
    """Return the same parameters, naming things that exist nowhere."""
    return {name: _other(value) for name, value in own.items()}


def _other(value: Any) -> Any:
    if isinstance(value, int):
        return 999_999
    if isinstance(value, str):
        return value if value in {"school", "student", "class", "fr"} else "nothing"
    return uuid4()


def picture() -> io.BytesIO:
    """Return a photo as a phone sends it."""
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "#b8c9a0").save(file, "JPEG")
    file.seek(0)
    return file
