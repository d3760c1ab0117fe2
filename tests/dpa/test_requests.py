"""One's own account: deleted at once where the contract lets the user, else a request the controller
answers.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.loop import tick
from agenda.models import Obligation
from classrooms.models import Student
from demo.factories.people import person_with
from dpa.actions.decide_request import NothingToDecide, ReasonMissing, approve, refuse
from dpa.actions.request_erasure import AlreadyAsked, ask_to_be_deleted, request_person_erasure
from dpa.actions.undo_erasure import undo_erasure
from dpa.models import Erasure
from dpa.queries.mails import undo_token
from isolation.context import inside
from people.actions.deactivate_person import deactivate_person
from people.actions.guard import LastAdministrator
from people.models import Person


def test_a_guardian_of_a_nursery_deletes_their_own_account(world, now):
    deletion = ask_to_be_deleted(person=world.parent, now=now)
    assert (deletion.state, deletion.origin, deletion.kind) == ("requested", "user", "guardian")
    tick(now + timedelta(hours=12))
    assert not Person.objects.filter(pk=world.parent.pk).exists()
    assert Student.objects.filter(pk=world.pupil.pk).exists()


def test_a_teachers_wish_becomes_a_request_answered_within_a_month(world, now):
    deletion = ask_to_be_deleted(person=world.teacher, now=now)
    assert (deletion.state, deletion.answer_by) == ("waiting", datetime(2026, 12, 16, 9, tzinfo=UTC))
    owed = Obligation.objects.get(clause="LG-U4", subject_id=deletion.pk)
    assert (owed.run_at, owed.due_at) == (deletion.answer_by - timedelta(days=7), deletion.answer_by)
    world.teacher.refresh_from_db()
    assert world.teacher.is_active
    with pytest.raises(AlreadyAsked):
        ask_to_be_deleted(person=world.teacher, now=now)
    tick(now)
    assert [one.to for one in mail.outbox] == [["direction@ecole.example"]]


def test_the_administrator_is_reminded_daily_from_a_week_before(world, now):
    deletion = ask_to_be_deleted(person=world.teacher, now=now)
    tick(now)
    for day in (23, 24, 25):
        tick(deletion.answer_by - timedelta(days=30 - day))
    told = [one for one in mail.outbox if one.to == ["direction@ecole.example"]]
    assert len([one for one in told if "tête signée" not in one.subject]) == 4


def test_yes_starts_the_clock_at_the_controllers_word(world, now):
    deletion = ask_to_be_deleted(person=world.teacher, now=now)
    later = now + timedelta(days=5)
    approved = approve(deletion=deletion, by=world.admin, now=later)
    assert (approved.state, approved.undo_until) == ("requested", later + timedelta(hours=12))
    assert Obligation.objects.get(clause="LG-U4", subject_id=deletion.pk).state == "kept"
    with pytest.raises(NothingToDecide):
        refuse(deletion=deletion, reason="non", by=world.admin, now=later)


def test_no_needs_a_reason_which_the_person_is_told(world, now):
    deletion = ask_to_be_deleted(person=world.teacher, now=now)
    with pytest.raises(ReasonMissing):
        refuse(deletion=deletion, reason=" ", by=world.admin, now=now)
    refuse(deletion=deletion, reason="Un litige est en cours.", by=world.admin, now=now)
    tick(now)
    message = next(one for one in mail.outbox if one.to == ["maitresse@ecole.example"])
    assert "Un litige est en cours." in message.body
    assert ask_to_be_deleted(person=world.teacher, now=now).state == "waiting"


def test_the_last_administrator_cannot_go(world, now):
    deletion = ask_to_be_deleted(person=world.admin, now=now)
    with pytest.raises(LastAdministrator):
        approve(deletion=deletion, by=world.admin, now=now)


def test_the_page_closes_the_account_and_the_mail_opens_it_again(world, browse, now):
    site = browse(world.tenant, world.parent)
    url = reverse("dpa:my_data")
    assert site.get(url).status_code == 200
    assert site.post(url, {"confirm_name": "quelqu’un d’autre"}).status_code == 400
    done = site.post(url, {"confirm_name": world.parent.name})
    assert done.status_code == 200
    assert site.get("/").status_code == 302
    with inside(world.tenant):
        deletion = Erasure.objects.get()
        token = undo_token(deletion)
    link = reverse("dpa:undo_by_link", args=[token])
    stranger = browse(world.tenant)
    assert stranger.get(link).status_code == 200
    assert stranger.get(reverse("dpa:undo_by_link", args=["forged"])).status_code == 404
    assert stranger.post(link).status_code == 302
    with inside(world.tenant):
        assert Person.objects.get(pk=world.parent.pk).is_active


def test_pages_of_the_controller(world, browse, now):
    with inside(world.tenant):
        deletion = ask_to_be_deleted(person=world.teacher, now=now)
    site = browse(world.tenant, world.admin)
    assert "Élodie Marchand" in site.get(reverse("dpa:erasure", args=[deletion.pk])).content.decode()
    assert site.get(reverse("dpa:erasures"), {"state": "waiting"}).status_code == 200
    assert deletion.reference in site.get(reverse("dpa:erasures"), {"format": "csv"}).content.decode()
    assert site.post(reverse("dpa:refuse", args=[deletion.pk]), {"reason": ""}).status_code == 400
    assert site.post(reverse("dpa:approve", args=[deletion.pk])).status_code == 302
    assert site.get(reverse("dpa:certificate_pdf", args=[deletion.pk])).status_code == 404
    with inside(world.tenant):
        tick(now + timedelta(hours=13))
    assert site.get(reverse("dpa:certificate_pdf", args=[deletion.pk])).content[:5] == b"%PDF-"
    said = site.get(reverse("dpa:certificate_json", args=[deletion.pk])).json()
    assert said["reference"] == deletion.reference
    assert said["margin_seconds"] > 0
    for page in ("home", "erasures", "retention", "annex"):
        assert site.get(reverse(f"dpa:{page}")).status_code == 200, page


def test_an_auditor_reads_without_names(world, browse, now):
    with inside(world.tenant):
        deletion = ask_to_be_deleted(person=world.teacher, now=now)
        auditor = person_with("auditor", now=now, first_name="Paul", last_name="Contrôle")
    site = browse(world.tenant, auditor)
    page = site.get(reverse("dpa:erasure", args=[deletion.pk]))
    assert page.status_code == 200
    assert "Marchand" not in page.content.decode()
    assert site.post(reverse("dpa:approve", args=[deletion.pk])).status_code == 403


def test_the_record_on_paper_is_for_the_circle(world, browse):
    teacher = browse(world.tenant, world.teacher)
    parent = browse(world.tenant, world.parent)
    assert teacher.get(reverse("dpa:record_pdf", args=[world.pupil.pk])).content[:5] == b"%PDF-"
    assert parent.get(reverse("dpa:child_pdf", args=[world.pupil.pk])).content[:5] == b"%PDF-"
    assert parent.get(reverse("dpa:child_pdf", args=[world.other.pk])).status_code == 404
    assert parent.get(reverse("dpa:record_pdf", args=[world.pupil.pk])).status_code == 403


def undone(world, deletion, now):
    return undo_erasure(deletion=deletion, by=world.admin, now=now + timedelta(hours=1))


def test_undoing_opens_what_the_deletion_closed_and_nothing_else(world, now):
    deletion = request_person_erasure(person=world.teacher, by=world.admin, now=now)
    undone(world, deletion, now)
    world.teacher.refresh_from_db()
    assert (world.teacher.is_active, world.teacher.closed_for) == (True, None)


def test_an_account_closed_before_stays_closed(world, now):
    deactivate_person(person=world.teacher, by=world.admin, now=now)
    deletion = request_person_erasure(person=world.teacher, by=world.admin, now=now)
    undone(world, deletion, now)
    world.teacher.refresh_from_db()
    assert not world.teacher.is_active


def test_an_account_an_administrator_closed_meanwhile_stays_closed(world, browse, now):
    deletion = request_person_erasure(person=world.teacher, by=world.admin, now=now)
    site = browse(world.tenant, world.admin)
    page = reverse("people:person", args=[world.teacher.pk])
    assert reverse("people:deactivate", args=[world.teacher.pk]) in site.get(page).content.decode()
    assert site.post(reverse("people:deactivate", args=[world.teacher.pk])).status_code == 302
    with inside(world.tenant):
        undone(world, deletion, now)
        world.teacher.refresh_from_db()
    assert not world.teacher.is_active
    assert site.post(reverse("people:reactivate", args=[world.teacher.pk])).status_code == 302
    with inside(world.tenant):
        world.teacher.refresh_from_db()
    assert world.teacher.is_active


def test_nobody_opens_an_account_that_is_being_deleted(world, browse, now):
    request_person_erasure(person=world.teacher, by=world.admin, now=now)
    site = browse(world.tenant, world.admin)
    site.post(reverse("people:reactivate", args=[world.teacher.pk]))
    with inside(world.tenant):
        world.teacher.refresh_from_db()
    assert not world.teacher.is_active
