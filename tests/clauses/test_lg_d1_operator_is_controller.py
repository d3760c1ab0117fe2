"""LG-D1: where the operator is the controller, its own 72 hours run, and it tells the people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from agenda.models import Obligation
from demo.factories.classrooms import GuardianFactory, StudentFactory
from dpa.models import BreachNotice
from dpa.policy.breaches import authority_clock
from isolation.context import inside, inside_operator
from tests.clauses.stage import desk, later, mails, plain, read
from tests.clauses.test_lg_d10_2_breaches import console, moment, recorded, scoped
from tests.conftest import open_school


def test_the_operators_72_hours_run_from_when_it_knew():
    known_at = datetime(2026, 11, 13, 17, 0, tzinfo=UTC)
    assert authority_clock(known_at=known_at).due_at == known_at + timedelta(hours=72)


@pytest.mark.django_db
@pytest.mark.story(
    "LG-D1",
    "QW-6",
    door="page",
    fr="Chez les familles, l’éditeur est responsable : pas d’avis à un client, ses propres 72 heures, une "
    "alerte à 48, et c’est lui qui écrit aux parents, une fois qu’il l’a décidé.",
)
def test_the_operator_notifies_and_writes_to_families_itself(browse, clock, now):
    """With families the operator is the controller: its own 72 hours run, an alarm comes at 48,
    no customer gets a notice, and it writes to the parents itself once it has decided to.
    """
    families = open_school("foyers", "Foyers", ["family"], licences=4)
    with inside(families):
        child = StudentFactory(school_class=None, created_at=now - timedelta(days=9))
        GuardianFactory(email="parent@foyer.example", of=[child])
    breach = recorded(browse, now)
    scoped(browse, now, breach, families)
    page = read(desk(browse, now, "dpo").get(console("breach_desk", breach.pk)))
    assert "nous en sommes responsables" in page
    assert "Encore 7" in page
    later(clock, hours=47, minutes=2)
    later(clock, minutes=1)
    assert len(mails("l’autorité n’est pas encore notifiée")) == 1
    office = desk(browse, now, "dpo")
    refused = office.post(console("breach_desk_people_send", breach.pk), follow=True)
    assert "Décidez d’abord" in plain(refused.content.decode())
    said = {"people": "yes", "people_reason": "Risque élevé", "fr": "Vos données.", "en": "Your data."}
    assert office.post(console("breach_desk_people_save", breach.pk), said).status_code == 302
    assert office.post(console("breach_desk_people_send", breach.pk)).status_code == 302
    decision = {"authority": "yes", "authority_reason": "Données d’enfants"}
    assert office.post(console("breach_desk_decide", breach.pk), decision).status_code == 302
    at = {"notified_at": moment(datetime.now(UTC)), "receipt": "VD-2026-18"}
    assert office.post(console("breach_desk_notified", breach.pk), at).status_code == 302
    later(clock, minutes=1)
    later(clock, minutes=11)
    told = [each for each in mail.outbox if each.to == ["parent@foyer.example"]]
    assert [each.body.strip() for each in told] == ["Vos données."]
    assert "1 message est parti" in read(office.get(console("breach_desk_people", breach.pk)))
    with inside_operator():
        assert not BreachNotice.objects.exists()
        ours = Obligation.objects.get(clause="LG-D1", kind="authority")
    assert (ours.state, ours.missed_at) == ("kept", None)
    assert ours.due_at - breach.known_at == timedelta(hours=72)
