"""What meets a deletion that is under way says so, and the adults responsible are told of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.loop import tick
from classrooms.actions.inform_guardians import inform_guardians
from classrooms.actions.open_accounts import print_cards
from classrooms.actions.save_student import change_student, note_departure
from classrooms.models import Guardian, Student
from classrooms.policy.declaration import VERSION
from demo.factories.classrooms import ClassFactory
from dpa.actions.request_erasure import request_person_erasure, request_student_erasure
from dpa.actions.undo_erasure import undo_erasure
from isolation.context import inside
from people.actions.deactivate_person import BeingDeleted
from people.models import Acceptance
from tests.dpa.conftest import FIRST, LAST

WORDS = "est en cours de suppression"


@pytest.fixture
def card(world, now):
    """Return what a card is printed with, and a pupil who has one."""
    inform_guardians(
        informed_on=now.date(),
        how="letter",
        covers=["purpose", "access", "categories"],
        by=world.admin,
        now=now,
        today=now.date(),
        student=world.pupil,
    )
    details = {
        "declaration": VERSION,
        "tenant": world.tenant,
        "by": world.admin,
        "now": now,
        "today": now.date(),
    }
    print_cards(students=[world.pupil], **details)
    world.pupil.refresh_from_db()
    return details


def test_who_opens_an_account_accepts_the_terms_for_the_pupil(world, card):
    assert Acceptance.objects.filter(person=world.pupil.person).exists()


def test_actions_say_whose_deletion_stands_in_the_way(world, card, now):
    pupil = Student.objects.get(pk=world.pupil.pk)
    request_student_erasure(student_ids=[pupil.pk], by=world.admin, now=now)
    with pytest.raises(BeingDeleted, match=str(pupil.pk)):
        print_cards(students=[pupil], **card)
    told = {"by": world.admin, "now": now, "today": now.date()}
    with pytest.raises(BeingDeleted):
        change_student(student=pupil, fields={"first_name": "Autre"}, class_id=None, **told)
    with pytest.raises(BeingDeleted):
        note_departure(student=pupil, tenant=world.tenant, **told)


@pytest.mark.parametrize("page", ["student_edit", "student_departure", "student_informed", "guardian_add"])
def test_pages_say_so_and_change_nothing(world, browse, now, page):
    with inside(world.tenant):
        other = ClassFactory(name="CE2 B")
        request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    sent = {"first_name": "Autre", "last_name": LAST, "school_class": str(other.pk), "email": "x@y.example"}
    answer = browse(world.tenant, world.admin).post(
        reverse(f"classrooms:{page}", args=[world.pupil.pk]), sent
    )
    assert answer.status_code == 409
    assert f"{FIRST} {LAST} {WORDS}" in answer.content.decode()
    assert reverse("dpa:erasures") in answer.content.decode()
    with inside(world.tenant):
        pupil = Student._base_manager.get(pk=world.pupil.pk)
        assert (pupil.first_name, pupil.left_on) == (FIRST, None)
        assert not Guardian.objects.filter(email="x@y.example").exists()


def test_a_card_is_not_printed_again_and_the_page_says_why(world, card, browse, now):
    with inside(world.tenant):
        request_person_erasure(person=world.pupil.person, by=world.admin, now=now)
        assert not Student.objects.filter(pk=world.pupil.pk).exists()  # the account's pupil goes with it
    sent = {"students": [str(world.pupil.pk)], "declares": "on"}
    page = reverse("classrooms:class_cards", args=[world.school_class.pk])
    answer = browse(world.tenant, world.admin).post(page, sent)
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()


def test_a_stranger_learns_nothing_of_it(world, browse, now):
    with inside(world.tenant):
        request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
        world.teacher.teachings.all().delete()
    page = reverse("classrooms:student", args=[world.pupil.pk])
    assert browse(world.tenant, world.teacher).get(page).status_code == 404


def test_a_guardian_being_deleted_gets_no_other_child(world, browse, now):
    with inside(world.tenant):
        request_person_erasure(person=world.parent, by=world.admin, now=now)
    page = reverse("classrooms:guardian_add", args=[world.other.pk])
    answer = browse(world.tenant, world.admin).post(page, {"email": world.guardian.email})
    assert answer.status_code == 409
    with inside(world.tenant):
        assert not world.other.guardianships.exists()


def test_the_guardian_is_told_and_not_of_what_was_undone(world, now):
    deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + timedelta(minutes=1))
    (told,) = [one for one in mail.outbox if one.to == [world.parent.email]]
    assert FIRST in told.subject
    assert LAST not in told.body
    undo_erasure(deletion=deletion, by=world.admin, now=now + timedelta(minutes=2))
    later = {"by": world.admin, "now": now + timedelta(minutes=3)}
    again = request_student_erasure(student_ids=[world.pupil.pk], **later)
    undo_erasure(deletion=again, by=world.admin, now=now + timedelta(minutes=4))
    tick(now + timedelta(minutes=5))
    assert len([one for one in mail.outbox if one.to == [world.parent.email]]) == 1
