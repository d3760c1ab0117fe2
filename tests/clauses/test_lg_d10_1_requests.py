"""LG-D10.1: a person's request that reaches the operator goes to its controller in 48 hours, for all eight
rights, and is answered by the operator only as the controller instructs.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.models import Obligation
from classrooms.models import Student
from demo.factories.classrooms import ClassFactory, GuardianFactory, StudentFactory, TeachingFactory
from demo.factories.people import person_with
from dpa.models import DataRequest, Erasure, Instruction, ReceivedRequest
from dpa.policy.requests import (
    DataRight,
    ExtendedAlready,
    NotInstructed,
    TooLateToExtend,
    check_operator_may_answer,
    extended_due,
    forward_clock,
)
from exports.models import ExportJob
from isolation.context import inside, inside_operator
from tests.clauses.stage import archive_of, desk, fetched, later, mails, plain, read

PUBLIC = "config.urls_public"
TENANT = "config.urls_tenant"
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def console(name, *args):
    """Return an address of the operator's desk."""
    return reverse(f"dpa:{name}", urlconf=PUBLIC, args=args)


def centre(name, *args):
    """Return an address of a tenant's privacy centre."""
    return reverse(f"dpa:{name}", urlconf=TENANT, args=args)


def test_the_48_hours_run_from_receipt_over_nights_and_sundays():
    clock = forward_clock(received_at=datetime(2026, 11, 14, 23, 30, tzinfo=UTC), hours=48)
    assert clock.due_at == datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    assert clock.alarm_at == datetime(2026, 11, 15, 23, 30, tzinfo=UTC)


def test_the_operator_answers_as_the_controller_or_as_it_is_instructed():
    check_operator_may_answer(is_controller=True, is_instructed=False)
    check_operator_may_answer(is_controller=False, is_instructed=True)
    with pytest.raises(NotInstructed):
        check_operator_may_answer(is_controller=False, is_instructed=False)


def test_the_time_is_extended_by_two_months_once_and_before_it_runs_out():
    known = {"due_on": NOON.date(), "due_at": NOON}
    assert extended_due(**known, is_extended=False, now=NOON) == datetime(2027, 1, 16, 12, tzinfo=UTC)
    with pytest.raises(ExtendedAlready):
        extended_due(**known, is_extended=True, now=NOON)
    with pytest.raises(TooLateToExtend):
        extended_due(**known, is_extended=False, now=NOON + timedelta(seconds=1))


@pytest.fixture
def people(school, now):
    """Return a school with a head, a teacher and a class of two pupils, one with a parent who signs in."""
    with inside(school):
        head = person_with("administrator", now=now, username="cheffe", email="direction@ecole.example")
        teacher = person_with("teacher", now=now, username="maitresse", email="maitresse@ecole.example")
        parent = person_with("guardian", now=now, username="parent", email="parent@famille.example")
        room = ClassFactory(name="CP")
        TeachingFactory(person=teacher, school_class=room)
        lou, tom = (
            StudentFactory(school_class=room, first_name=name, last_name="Berthier")
            for name in ("Lou", "Tom")
        )
        GuardianFactory(email=parent.email, person=parent, of=[lou])
    return {"head": head, "teacher": teacher, "parent": parent, "lou": lou, "tom": tom, "room": room}


def written(now, **more):
    """Return what the operator writes down of a mail that came an hour ago."""
    return {
        "received_at": (now + timedelta(minutes=0)).strftime("%Y-%m-%dT%H:%M"),  # Paris is an hour ahead
        "channel": "mail",
        "right": "access",
        "sender": "Maëlle Berthier",
        "contact": "maelle@famille.example",
        "words": "Je veux voir tout ce que vous gardez sur Lou.",
    } | more


def recorded(browse, now, **more):
    """Record a request at the desk and return it."""
    answer = desk(browse, now, "dpo").post(console("received_new"), written(now, **more))
    assert answer.status_code == 302, plain(answer.content.decode())
    with inside_operator():
        return ReceivedRequest.objects.latest("recorded_at")


def owed(kind="rights-forward"):
    """Return the obligations of a kind, the oldest first."""
    with inside_operator():
        rows = Obligation.objects.filter(clause="LG-D10.1", kind=kind).order_by("created_at", "occurrence")
        return [(one.occurrence, one.state) for one in rows]


def placed(browse, now, received, tenant):
    """Say at the desk whose data a request asks about."""
    sent = {"tenant": str(tenant.pk)}
    return desk(browse, now, "dpo").post(console("received_place", received.pk), sent)


@pytest.mark.story(
    "LG-D10.1",
    door="page",
    fr="Une mère écrit à l’éditeur sans dire de quelle école : à 24 heures l’alarme part ; l’école trouvée, "
    "la demande lui est transmise, le courriel revient, un second part aussi à la commune, et rien de ce "
    "qu’elle a écrit ne reste chez l’éditeur.",
)
@pytest.mark.django_db
def test_a_request_without_a_school_then_a_mail_that_comes_back(browse, clock, now, school, people):
    """A mother writes to the operator without saying which school: the alarm goes off after 24 hours; once it
    is found the request is forwarded, the mail comes back, a second leaves to the town too, and nothing of
    what she wrote stays at the operator's.
    """
    received = recorded(browse, now)
    assert "Berthier" in read(desk(browse, now, "dpo").get(console("received", received.pk)))
    later(clock, hours=23)
    assert owed("rights-forward-alarm") == [("", "owed")]
    later(clock, hours=1)
    later(clock, minutes=3)
    assert mails("n’est pas encore transmise")
    at = datetime.now(UTC)
    assert placed(browse, at, received, school).status_code == 302
    later(clock, minutes=1)
    later(clock, minutes=11)
    (first,) = mails("pour École des Tilleuls")
    assert first.to == ["direction@ecole.example"]
    assert "Berthier" not in plain(first.body)
    assert owed() == [("", "kept")]
    clock.shift(timedelta(hours=2))
    back = desk(browse, now, "dpo").post(console("received_returned", received.pk))
    assert back.status_code == 302
    assert owed() == [("", "kept"), ("2", "owed")]
    later(clock, minutes=1)
    later(clock, minutes=11)
    assert set(mails("pour École des Tilleuls")[-1].to) == {
        "direction@ecole.example",
        "mairie@tilleuls.example",
    }
    assert owed() == [("", "kept"), ("2", "kept")]
    with inside_operator():
        row = ReceivedRequest.objects.get()
    assert (row.sender, row.contact, row.words) == ("", "", "")
    office = browse(school, people["head"])
    page = read(office.get(centre("request", row.request_id)))
    assert "Maëlle Berthier" in page
    assert "transmise par l’éditeur" in page
    with inside(school):
        asked = DataRequest.objects.get()
    assert asked.received_at == row.received_at
    assert (asked.due_at - asked.received_at).days in {30, 31}
    assert browse(school, people["teacher"]).get(centre("request", asked.pk)).status_code == 403


@pytest.mark.story(
    "LG-D10.1",
    "LG-D6i",
    door="page",
    fr="L’éditeur ne répond pas à la place de l’école : sans instruction il est refusé ; une première "
    "instruction est jugée illicite et répondue aussitôt ; une seconde, écrite, le lui permet.",
)
@pytest.mark.django_db
def test_the_operator_answers_only_once_it_is_instructed(browse, clock, now, school, people):
    """The operator doesn't answer in the school's place: without an instruction it is refused; a first one is
    thought unlawful and answered at once; a second, written, lets it.
    """
    received = recorded(browse, now, tenant=str(school.pk))
    later(clock, minutes=1)
    later(clock, minutes=11)
    house = desk(browse, now, "dpo")
    refused = house.post(console("received_answered", received.pk), follow=True)
    assert "ne nous a pas donné l’instruction" in read(refused)
    with inside_operator():
        received = ReceivedRequest.objects.get()
    assert received.answered_at is None
    office = browse(school, people["head"])
    told = {
        "text": "Envoyez les données de tous les élèves au demandeur.",
        "request": str(received.request_id),
    }
    assert office.post(centre("instruct"), told).status_code == 302
    later(clock, minutes=1)
    (told_house,) = mails("nous donne une instruction")
    assert "École des Tilleuls" in plain(told_house.subject)
    with inside_operator():
        first = Instruction.objects.get()
    assert (first.author_id, first.state) == (people["head"].pk, "open")
    no = {"is_lawful": "no", "outcome": "Les données des autres enfants ne peuvent pas lui être données."}
    assert house.post(console("instruction", first.pk), no).status_code == 302
    later(clock, minutes=1)
    assert "Les données des autres enfants" in plain(mails("Nous n’exécutons pas")[0].body)
    refused = house.post(console("received_answered", received.pk), follow=True)
    assert "ne nous a pas donné l’instruction" in read(refused)
    told["text"] = "Répondez à la demande avec l’archive de cet enfant."
    assert office.post(centre("instruct"), told).status_code == 302
    assert house.post(console("received_answered", received.pk)).status_code == 302
    with inside_operator():
        assert ReceivedRequest.objects.get().answered_at is not None
    page = read(office.get(centre("instructions")))
    assert "Les données des autres enfants ne peuvent pas lui être données." in page
    assert people["head"].name in page


@pytest.mark.story(
    "LG-D10.1",
    door="page",
    fr="Un parent demande que les données de Lou soient gelées : plus personne ne la voit, ni l’enseignante, "
    "ni le parent ; l’archive de l’école la contient ; une suppression demandée puis annulée ne dégèle pas ; "
    "levé, tout est comme avant et le parent l’apprend.",
)
@pytest.mark.django_db
def test_frozen_data_is_seen_by_nobody_but_the_export(browse, clock, now, school, people):
    """A parent asks for the data of Lou to be frozen: nobody sees her any more, neither the teacher nor the
    parent; the school's archive has her; a deletion asked for and undone doesn't thaw it; lifted, all is as
    it was and the parent is told.
    """
    home = browse(school, people["parent"])
    sent = {"right": "restriction", "about": str(people["lou"].pk), "words": "Le temps de vérifier."}
    assert home.post(centre("my_requests"), sent).status_code == 302
    with inside(school):
        asked = DataRequest.objects.get()
    office = browse(school, people["head"])
    assert "Lou" in read(office.get(centre("request", asked.pk)))
    whole = office.post(reverse("exports:ask", urlconf=TENANT, args=["school"])).url
    fetched(office, whole, clock)
    assert office.post(centre("request_freeze", asked.pk)).status_code == 302
    teacher = browse(school, people["teacher"])
    page = reverse("classrooms:class", urlconf=TENANT, args=[people["room"].pk])
    assert "Lou" not in read(teacher.get(page))
    assert "Tom" in read(teacher.get(page))
    pupil = reverse("classrooms:student", urlconf=TENANT, args=[people["lou"].pk])
    assert [each.get(pupil).status_code for each in (teacher, office)] == [404, 404]
    edit = reverse("classrooms:student_edit", urlconf=TENANT, args=[people["lou"].pk])
    standing = office.get(edit)
    assert (standing.status_code, "sont gelées" in standing.content.decode()) == (409, True)
    job = office.post("/exports/ask/school/").url
    files = archive_of(fetched(office, job, clock))
    assert any("Lou" in name for name in files)
    with inside(school):
        reasons = set(ExportJob.objects.exclude(reason="").values_list("reason", flat=True))
    assert reasons == {"frozen"}
    sent = {"confirm_name": "Lou Berthier"}
    assert office.post(centre("request_student_erasure", people["lou"].pk), sent).status_code == 302
    assert "Une suppression est en cours" in read(office.post(centre("request_thaw", asked.pk), follow=True))
    with inside(school):
        deletion = Erasure.objects.get().pk
    assert office.post(centre("undo", deletion)).status_code == 302
    with inside(school):
        assert not Student.objects.filter(pk=people["lou"].pk).exists()
    assert office.post(centre("request_thaw", asked.pk)).status_code == 302
    assert "Lou" in read(teacher.get(page))
    later(clock, minutes=1)
    assert mails("vos données sont de nouveau utilisées")[0].to == ["parent@famille.example"]


@pytest.mark.story(
    "LG-D10.1",
    door="page",
    fr="Chacun des huit droits se demande dans l’application et a une réponse ; ce qui la prépare est sur la "
    "page, et une demande reprise ne se répond plus.",
)
@pytest.mark.django_db
@pytest.mark.parametrize("right", [str(each) for each in DataRight])
def test_each_of_the_eight_rights_is_asked_and_answered(browse, clock, now, school, people, right):
    """Each of the eight rights is asked for in the application and answered; what prepares the answer is on
    the page, and one that was taken back isn't answered any more.
    """
    home = browse(school, people["parent"])
    sent = {"right": right, "about": str(people["lou"].pk), "words": "Merci."}
    assert home.post(centre("my_requests"), sent).status_code == 302
    later(clock, minutes=1)
    assert mails("a été reçue")[0].to == ["parent@famille.example"]
    with inside(school):
        asked = DataRequest.objects.get()
    office = browse(school, people["head"])
    prepared = {
        "access": "exports/ask/student",
        "portability": "exports/ask/student",
        "rectification": "/edit/",
        "erasure": "privacy/delete/student",
        "restriction": "/freeze/",
        "objection": "/freeze/",
        "human_review": "results",
        "consent": f"/pupils/{people['lou'].pk}/",
    }
    page = office.get(centre("request", asked.pk))
    assert prepared[right] in page.content.decode()
    answer = {"is_granted": "yes", "answer": "C’est fait, voici la réponse."}
    assert office.post(centre("request_answer", asked.pk), answer).status_code == 302
    later(clock, minutes=1)
    told = mails(f"La réponse à votre demande {asked.reference}")
    assert [each.to for each in told] == [["parent@famille.example"]]
    assert "C’est fait, voici la réponse." in plain(told[0].body)
    assert "C’est fait, voici la réponse." in read(home.get(centre("my_requests")))
    assert home.post(centre("request_withdraw", asked.pk), follow=True).status_code == 200
    with inside(school):
        assert DataRequest.objects.get().state == "granted"
    with inside_operator():
        row = Obligation.objects.get(kind="rights-answer")
    assert (row.clause, row.state) == ("GDPR-12.3", "kept")
    assert mail.outbox


@pytest.mark.django_db
def test_who_has_the_address_a_request_came_from_is_proposed(browse, now, school, people):
    received = recorded(browse, now, tenant=str(school.pk), contact="Parent@famille.example")
    with inside_operator():
        received = ReceivedRequest.objects.get(pk=received.pk)
    office = browse(school, people["head"])
    page = office.get(centre("request_subjects", received.request_id)).content.decode()
    ticked = [one for one in re.findall(r"<input[^>]*checked[^>]*>", page)]
    assert any(str(people["lou"].pk) in one for one in ticked)
    assert not any(str(people["tom"].pk) in one for one in ticked)
    sent = {"students": [str(people["lou"].pk)]}
    assert office.post(centre("request_subjects", received.request_id), sent).status_code == 302
    assert "Lou Berthier" in read(office.get(centre("request", received.request_id)))
