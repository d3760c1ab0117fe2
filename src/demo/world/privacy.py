"""What is done about personal data: who works on it for the house, and who left and is deleted."""

from datetime import timedelta
from typing import Any

from classrooms.models import SchoolClass, Student
from demo.world.cast import HEADS
from demo.world.days import Days
from demo.world.school import person, tenant_of
from dpa.actions.change_processor import announce_change
from dpa.actions.open_request import open_request
from dpa.actions.receive_request import record_received
from dpa.actions.record_breach import BreachFacts, close_breach, record_breach
from dpa.actions.request_erasure import request_student_erasure
from dpa.models import ProcessorVersion
from isolation.context import inside
from people.models import Person

HOST = "Hébergement du Val Clair"
MAILER = "Courrier Brocéliande"


def name_the_processors(days: Days) -> None:
    """Publish who hosts and who sends mail before anybody is a customer."""
    _announced(
        days,
        118,
        planned=days.ago(118),
        name=HOST,
        registration="SIREN 902000013",
        activity="Hébergement des serveurs et des sauvegardes",
        categories=["identification", "contact", "education", "learning", "connection", "consent"],
        contract_on=days.ago(300),
    )
    _announced(
        days,
        118,
        planned=days.ago(118),
        name=MAILER,
        registration="SIREN 902000021",
        activity="Envoi des courriels",
        categories=["identification", "contact"],
        contract_on=days.ago(280),
        gateway="mail",
    )


def announce_more_for_the_host(days: Days) -> None:
    """Announce that the host will hold requests for support too: whoever is concerned may object."""
    before = ProcessorVersion.objects.get(name=HOST)
    _announced(
        days,
        5,
        planned=days.ago(-20),
        replaces=before,
        name=HOST,
        registration=before.registration,
        activity="Hébergement des serveurs, des sauvegardes et de l’assistance",
        categories=[*before.categories, "support"],
        contract_on=days.ago(8),
    )


def practise_a_breach(days: Days) -> None:
    """Go through a breach as a drill within the house, and close it."""
    facts = BreachFacts(
        known_at=days.at(40, 9),
        began_at=days.at(41, 18),
        ended_at=days.at(40, 8),
        facts="Exercice : un ordinateur portable oublié dans un train.",
        systems="Poste de travail, disque chiffré",
        natures=["confidentiality"],
        effects="Aucune : le disque est chiffré.",
        measures="Sessions fermées, clé changée.",
    )
    drill = record_breach(facts=facts, is_drill=True, by=None, now=days.at(40, 9, 30))
    why = "Exercice interne, aucun client n’était concerné."
    close_breach(breach=drill, not_notified=why, by=None, now=days.at(40, 16))


def _announced(days: Days, ago: int, *, planned: Any, replaces: Any = None, **values: Any) -> None:
    announce_change(
        values={"country": "FR", "is_demo": True, **values},
        replaces=replaces,
        planned_on=planned,
        by=None,
        now=days.at(ago),
    )


def ask_about_data(days: Days) -> None:
    """Let a mother write to the house, which hands her request over, and a colleague ask for a correction."""
    head = HEADS[0]
    tenant = tenant_of(head.where)
    record_received(
        channel="mail",
        right="access",
        received_at=days.at(1, 9),
        now=days.at(1, 9, 30),
        tenant=tenant,
        sender="Maëlle Quérou",
        contact="maelle.querou@famille.example",
        words="Bonjour, je voudrais voir tout ce que vous gardez sur mon enfant, qui était en CM2.",
    )
    with inside(tenant):
        teacher = Person.objects.filter(kind=Person.Kind.STAFF).exclude(pk=person(head).pk).first()
        if teacher is not None:
            open_request(
                right="rectification",
                origin="app",
                received_at=days.at(1, 12),
                now=days.at(1, 12),
                by=teacher,
                person_id=teacher.pk,
                subjects=[teacher.pk],
                words="Mon nom d’usage a changé, merci de le corriger.",
            )


def delete_somebody(days: Days) -> None:
    """Let the head delete one pupil fifteen hours before today's start, and another an hour before it."""
    head = HEADS[0]
    with inside(tenant_of(head.where)):
        by = person(head)
        last_class = SchoolClass.objects.get(name="CM2 Hêtre")
        pupils = list(Student.objects.filter(enrolments__school_class=last_class).by_name()[:2])
        for pupil, hours in zip(pupils, (15, 1), strict=True):
            request_student_erasure(student_ids=[pupil.pk], by=by, now=days.now - timedelta(hours=hours))
