"""LG-D10.2: a breach, from the operator's register to the customer's 72 hours, in phases."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.models import Obligation
from audit.actions import log_action
from audit.models import Entry
from demo.factories.classrooms import ClassFactory, GuardianFactory, StudentFactory
from demo.factories.people import person_with
from dpa.models import AffectedTenant, BreachDelivery, BreachNotice, BreachResponse, DataBreach
from isolation.context import inside, inside_operator
from tenants.middleware import forget_hosts
from tenants.models import Tenant
from tests.clauses.stage import desk, later, mails, plain, read

pytestmark = pytest.mark.django_db
PUBLIC = "config.urls_public"
TENANT = "config.urls_tenant"


def console(name, *args):
    """Return an address of the operator's desk."""
    return reverse(f"dpa:{name}", urlconf=PUBLIC, args=args)


def centre(name, *args):
    """Return an address of a tenant's privacy centre."""
    return reverse(f"dpa:{name}", urlconf=TENANT, args=args)


def moment(at):
    """Return an instant as a page sends it, in Paris."""
    return (at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")


def facts(now, **more):
    """Return what is filled in about a breach known an hour ago."""
    return {
        "known_at": moment(now - timedelta(hours=1)),
        "began_at": moment(now - timedelta(days=2)),
        "facts": "Une sauvegarde a été copiée par un tiers.",
        "systems": "Serveur de sauvegarde",
        "natures": ["confidentiality"],
    } | more


@pytest.fixture
def people(school, now):
    """Return a school with two pupils, one guardian of both, and its head."""
    with inside(school):
        head = person_with("administrator", now=now, username="cheffe", email="direction@ecole.example")
        room = ClassFactory()
        pupils = [StudentFactory(school_class=room, created_at=now - timedelta(days=9)) for _ in range(2)]
        parent = GuardianFactory(email="parent@famille.example", of=pupils)
    return {"head": head, "pupils": pupils, "parent": parent}


def recorded(browse, now, **more):
    """Record a breach at the desk and return it."""
    assert desk(browse, now, "dpo").post(console("breach_new"), facts(now, **more)).status_code == 302
    with inside_operator():
        return DataBreach.objects.latest("recorded_at")


def scoped(browse, now, breach, *tenants, categories=("identification",), account=""):
    """Say at the desk whom a breach concerns."""
    sent = {"tenants": [str(one.pk) for one in tenants], "categories": list(categories), "account": account}
    answer = desk(browse, now, "dpo").post(console("breach_scope", breach.pk), sent)
    assert answer.status_code == 302, plain(answer.content.decode())


def sent(browse, clock, now, breach):
    """Send what is owed, let it leave, and return the mails about it."""
    assert desk(browse, now, "dpo").post(console("breach_send", breach.pk)).status_code == 302
    later(clock, minutes=1)
    later(clock, minutes=11)
    return mails(breach.reference)


def owed(kind="notice"):
    """Return the obligations of a kind, the oldest first."""
    with inside_operator():
        rows = Obligation.objects.filter(clause="LG-D10.2", kind=kind).order_by("created_at", "occurrence")
        return [(one.occurrence, one.state, one.due_at) for one in rows]


@pytest.mark.story(
    "LG-D10.2",
    door="page",
    fr="Une sauvegarde est copiée : l’école reçoit le jour même l’avis avec ses chiffres ; le lendemain "
    "les adresses s’y ajoutent, et un second avis le complète. Le premier reste tel qu’il est parti.",
)
def test_the_scope_grows_after_the_first_notice(browse, clock, now, school, nursery, people):
    """A backup is copied: the school is told the same day with its own figures; the next day addresses join
    them, and a second notice completes the first, which stays as it left.
    """
    breach = recorded(browse, now)
    scoped(browse, now, breach, school)
    (first,) = sent(browse, clock, now, breach)
    assert first.to == [people["head"].email]
    assert "Élèves : 2" in plain(first.body)
    assert "Parents" not in plain(first.body)
    (occurrence, state, due_at) = owed()[0]
    assert (occurrence, state) == ("1", "kept")
    assert due_at - breach.known_at == timedelta(hours=24)
    scoped(browse, now, breach, school, categories=("identification", "contact"))
    assert "1 client est à prévenir" in read(desk(browse, now, "dpo").get(console("breach_desk", breach.pk)))
    _first, second = sent(browse, clock, now, breach)
    assert "Parents et responsables : 1" in plain(second.body)
    assert [each[:2] for each in owed()] == [("1", "kept"), ("2", "kept")]
    with inside_operator():
        kept = list(BreachDelivery.objects.order_by("sent_at"))
        assert [people["head"].email in one.recipients for one in kept] == [True, True]
        assert b"Parents" not in bytes(kept[0].content)
    office = browse(school, people["head"])
    page = read(office.get(centre("breach", breach.pk)))
    assert "Message 1" in page
    assert "Message 2" in page
    assert "Parents et responsables : 1" in page
    assert browse(nursery, None).get(centre("breach", breach.pk)).status_code != 200


@pytest.mark.story(
    "LG-D10.2",
    door="page",
    fr="L’avis revient : l’école n’a rien appris, aucun délai ne court ; il est dû de nouveau, part aussi à "
    "l’adresse de la commune, et les 72 heures courent depuis ce second envoi.",
)
def test_a_notice_that_bounces_is_owed_again(browse, clock, now, school, people):
    """The notice comes back: the school learnt nothing and no clock runs; it is owed again, goes to the
    town's address too, and the 72 hours run from that second sending.
    """
    breach = recorded(browse, now)
    scoped(browse, now, breach, school)
    sent(browse, clock, now, breach)
    with inside_operator():
        came_back = BreachDelivery.objects.get()
    clock.shift(timedelta(hours=5))
    back = desk(browse, now, "dpo").post(console("breach_bounced", came_back.pk))
    assert back.status_code == 302
    assert [each[:2] for each in owed()] == [("1", "kept"), ("1.2", "owed")]
    later(clock, minutes=1)
    later(clock, minutes=11)
    assert [each[:2] for each in owed()] == [("1", "kept"), ("1.2", "kept")]
    assert set(mails(breach.reference)[-1].to) == {"direction@ecole.example", "mairie@tilleuls.example"}
    with inside_operator():
        again = BreachDelivery.objects.get(attempt=2)
    office = browse(school, people["head"])
    assert "Encore 71 heures pour notifier" in read(office.get(centre("breach", breach.pk)))
    assert again.sent_at > came_back.sent_at + timedelta(hours=5)


@pytest.mark.story(
    "LG-D10.2",
    door="agenda",
    fr="Personne n’envoie l’avis : après dix-huit heures l’éditeur est alerté, après vingt-quatre elle "
    "est une promesse manquée et le reste, même tenue ensuite.",
)
def test_a_notice_nobody_sends_raises_the_alarm_and_is_missed(browse, clock, now, school, people):
    """Nobody sends the notice: after eighteen hours the operator's people are warned, after twenty-four the
    promise is missed and stays so, even sent later.
    """
    breach = recorded(browse, now)
    scoped(browse, now, breach, school)
    later(clock, hours=16)
    assert mails("n’est pas encore prévenu") == []
    later(clock, hours=2)
    (alarm,) = mails("n’est pas encore prévenu")
    assert alarm.to == ["maud-dpo@preau.example"]
    later(clock, hours=7)
    sent(browse, clock, now, breach)
    with inside_operator():
        row = Obligation.objects.get(clause="LG-D10.2", kind="notice")
    assert row.state == "kept"
    assert row.missed_at == row.due_at


@pytest.mark.story(
    "LG-D10.2",
    door="page",
    fr="L’école a ses 72 heures : au bout de deux jours on le lui rappelle ; elle corrige, notifie "
    "et le dit, et la lecture par un auditeur n’avait rien déclenché.",
)
def test_the_controllers_72_hours(browse, clock, now, school, people):
    """The school has its 72 hours: after two days it is reminded; it corrects the draft, notifies and says
    so; an auditor's reading had started nothing.
    """
    breach = recorded(browse, now)
    scoped(browse, now, breach, school)
    sent(browse, clock, now, breach)
    with inside(school):
        auditor = person_with("auditor", now=now, username="audit", email="audit@ecole.example")
    assert "Encore 71 heures" in read(browse(school, auditor).get(centre("breach", breach.pk)))
    with inside(school):
        assert not BreachResponse.objects.filter(breach_id=breach.pk).exists()
    office = browse(school, people["head"])
    assert f"Violation de données personnelles {breach.reference}" in read(office.get("/"))
    assert "Décidez si vous notifiez l’autorité" in read(office.get("/"))
    later(clock, hours=48)
    assert len(mails("un jour pour notifier")) == 1
    office = browse(school, people["head"])
    draft = office.get(centre("breach_authority", breach.pk, "fr"))
    assert "Élèves : 2" in plain(draft.content.decode())
    texts = {name: "Vu" for name in re.findall(r'<textarea name="(\w+)"', draft.content.decode())}
    texts["people"] = "Deux élèves de CE1"
    assert office.post(centre("breach_authority_save", breach.pk, "fr"), texts).status_code == 302
    assert "Deux élèves de CE1" in office.get(centre("breach_authority", breach.pk, "fr")).content.decode()
    decision = {"authority": "yes", "authority_reason": "Données d’enfants"}
    assert office.post(centre("breach_decide", breach.pk), decision).status_code == 302
    assert "Décidez si vous notifiez" not in read(office.get("/"))
    notified = {"notified_at": moment(datetime.now(UTC)), "receipt": "VD-2026-17"}
    assert office.post(centre("breach_notified", breach.pk), notified).status_code == 302
    page = read(office.get(centre("breach", breach.pk)))
    assert "VD-2026-17" in page
    with inside(school):
        verbs = set(Entry.objects.filter(verb__startswith="data_breach").values_list("verb", flat=True))
    assert verbs == {
        f"data_breach.{deed}"
        for deed in ("seen", "authority_drafted", "authority_decided", "authority_notified")
    }


@pytest.mark.story(
    "LG-D10.2",
    "QW-6",
    door="page",
    fr="L’école décide de prévenir les familles : rien ne part avant ; le parent de deux enfants a un seul "
    "message, avec quoi faire et à qui parler, et l’envoi est prouvé. Un second clic n’écrit à personne.",
)
def test_families_are_told_once_and_only_on_the_schools_word(browse, clock, now, school, people):
    """The school decides to tell the families: nothing leaves before; a parent of two children gets one
    message, with what to do and whom to ask, and it is proved. A second click writes to nobody.
    """
    breach = recorded(browse, now, contact="dpo@preau.example")
    scoped(browse, now, breach, school)
    sent(browse, clock, now, breach)
    office = browse(school, people["head"])
    refused = office.post(centre("breach_people_send", breach.pk), follow=True)
    assert "Décidez d’abord" in plain(refused.content.decode())
    page = office.get(centre("breach_people", breach.pk)).content.decode()
    draft = plain(page[page.find('name="fr"') : page.find('name="en"')])
    for words in ("Quelles données", "Ce qui peut s’ensuivre", "Choisissez un nouveau mot de passe"):
        assert words in draft, words
    said = {"people": "yes", "people_reason": "Risque élevé"}
    said |= {"fr": "Vos données ont été copiées. Changez de mot de passe.", "en": "Your data was copied."}
    assert office.post(centre("breach_people_save", breach.pk), said).status_code == 302
    for _ in range(2):
        assert office.post(centre("breach_people_send", breach.pk)).status_code == 302
    later(clock, minutes=1)
    later(clock, minutes=11)
    told = [each for each in mail.outbox if each.to == ["parent@famille.example"]]
    assert len(told) == 1
    assert "Vos données ont été copiées" in told[0].body
    assert "2 messages sont partis" in read(office.get(centre("breach_people", breach.pk)))
    with inside(school):
        assert Obligation.objects.get(clause="QW-6", kind="people").state == "kept"


@pytest.mark.story(
    "LG-D10.2",
    "QW-6",
    door="page",
    fr="Un exercice : les mêmes comptes et les mêmes délais, marqués partout, mais aucune famille ne reçoit "
    "rien, quoi que l’école décide.",
)
def test_a_drill_counts_as_in_earnest_and_writes_to_no_family(browse, clock, now, school, people):
    """A drill: the same counts and clocks, marked everywhere, but no family gets anything whatever the school
    decides.
    """
    breach = recorded(browse, now, is_drill="on")
    scoped(browse, now, breach, school)
    (told,) = sent(browse, clock, now, breach)
    assert told.subject.startswith("[EXERCICE]")
    assert "Élèves : 2" in plain(told.body)
    office = browse(school, people["head"])
    assert "Exercice" in read(office.get(centre("breach", breach.pk)))
    said = {"people": "yes", "people_reason": "x", "fr": "x", "en": "x"}
    assert office.post(centre("breach_people_save", breach.pk), said).status_code == 302
    refused = office.post(centre("breach_people_send", breach.pk), follow=True)
    assert "C’est un exercice" in plain(refused.content.decode())
    later(clock, minutes=11)
    assert [each for each in mail.outbox if "parent@famille.example" in each.to] == []
    assert breach.reference not in read(desk(browse, now, "dpo").get(console("breach_register")))
    drills = desk(browse, now, "dpo").get(console("breach_register"), {"drills": "1"})
    assert breach.reference in read(drills)


@pytest.mark.story(
    "LG-D10.2",
    door="page",
    fr="L’école est partie et ses données sont détruites avant le second avis : il part à l’adresse de la "
    "commune, avec les chiffres comptés en dernier.",
)
def test_a_school_destroyed_meanwhile_is_told_at_its_customers_address(browse, clock, now, school, people):
    """The school left and its data is destroyed before the second notice: it goes to the town's address, with
    the figures counted last.
    """
    breach = recorded(browse, now)
    scoped(browse, now, breach, school)
    sent(browse, clock, now, breach)
    with inside_operator():
        Tenant.objects.filter(pk=school.pk).update(state="erased", ended_at=now, erased_at=now)
    forget_hosts()
    changed = facts(now, measures="La copie est détruite.")
    known = {"known_at": moment(breach.known_at), "began_at": moment(breach.began_at)}
    answer = desk(browse, now, "dpo").post(console("breach_change", breach.pk), changed | known)
    assert answer.status_code == 302
    *_first, second = sent(browse, clock, now, breach)
    assert second.to == ["mairie@tilleuls.example"]
    assert "Élèves : 2" in plain(second.body)
    assert "La copie est détruite." in plain(second.body)


@pytest.mark.story(
    "LG-D10.2",
    door="page",
    fr="Un compte volé : seuls comptent ceux que ses actes ont touchés entre les deux instants, d’après le "
    "journal, non toute l’école.",
)
def test_a_stolen_account_counts_whom_its_acts_touched(browse, clock, now, school, people):
    """A stolen account: only those count whom its acts touched between the two instants, by the trail, not
    the whole school.
    """
    lea, tom = people["pupils"]
    with inside(school):
        thief = person_with("teacher", now=now, username="compte.vole", email="vole@ecole.example")
        touched = {"by": thief, "on": lea, "about": [lea.pk]}
        for hours in (30, 20):
            log_action("student.changed", at=now - timedelta(hours=hours), **touched)
        log_action("student.changed", by=thief, on=tom, at=now - timedelta(days=9), about=[tom.pk])
    breach = recorded(browse, now)
    unknown = {"tenants": [str(school.pk)], "categories": ["identification"], "account": "personne"}
    refused = desk(browse, now, "dpo").post(console("breach_scope", breach.pk), unknown)
    assert refused.status_code == 400
    scoped(browse, now, breach, school, account="compte.vole")
    (told,) = sent(browse, clock, now, breach)
    assert "Élèves : 1" in plain(told.body)
    with inside_operator():
        assert AffectedTenant.objects.get().records["classrooms.Student"] == 1


@pytest.mark.story(
    "LG-D10.2",
    door="page",
    fr="Une violation sans client prévenu ne se referme pas sans dire pourquoi ; refermée, elle reste au "
    "registre avec ses faits.",
)
def test_a_breach_nobody_was_told_of_stays_with_its_reason(browse, now, school, people):
    """A breach nobody was told of isn't closed without saying why; closed, it stays in the register."""
    breach = recorded(browse, now)
    office = desk(browse, now, "dpo")
    scoped(browse, now, breach, school)
    refused = office.post(console("breach_close", breach.pk), {"not_notified": "Chiffrée"}, follow=True)
    assert "avis leur est dû" in plain(refused.content.decode())
    other = recorded(browse, now)
    refused = office.post(console("breach_close", other.pk), {"not_notified": ""}, follow=True)
    assert "dites pourquoi" in plain(refused.content.decode())
    why = {"not_notified": "La sauvegarde était chiffrée."}
    assert office.post(console("breach_close", other.pk), why).status_code == 302
    assert "La sauvegarde était chiffrée." in read(office.get(console("breach_desk", other.pk)))
    assert other.reference in read(office.get(console("breach_register")))
    with inside_operator():
        assert not BreachNotice.objects.exists()
