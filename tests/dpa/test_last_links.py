"""A guardian goes with the last child they look after; retention walks adults by what starts their clock."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.loop import tick
from classrooms.actions.invite_guardians import invite_guardians, remove_guardian
from classrooms.actions.save_student import note_departure
from classrooms.models import Guardian, Guardianship, Student
from demo.factories.classrooms import GuardianFactory
from demo.factories.people import person_with
from dpa.actions.enforce_retention import enforce_retention
from dpa.actions.replay_erasures import replay_erasures
from dpa.actions.request_erasure import request_student_erasure
from dpa.gateways import ledger
from dpa.models import Erasure
from dpa.queries.data_inventory import losses
from dpa.queries.subjects import with_last_links
from people.models import Invitation, Membership, Person

UNDONE = timedelta(hours=12)


def erase(world, now, *pupils):
    deletion = request_student_erasure(student_ids=[one.pk for one in pupils], by=world.admin, now=now)
    tick(now + UNDONE)
    return deletion


def test_a_guardian_goes_with_the_last_link_account_and_all(world, now):
    invited = GuardianFactory(of=[world.pupil])
    erase(world, now, world.pupil)
    assert not Guardian.objects.filter(pk__in=[world.guardian.pk, invited.pk]).exists()
    assert not Person.objects.filter(pk=world.parent.pk).exists()


def test_who_looks_after_another_child_stays(world, now):
    world.other.guardianships.create(guardian=world.guardian)
    erase(world, now, world.pupil)
    assert Guardian.objects.filter(pk=world.guardian.pk).exists()
    assert Person.objects.filter(pk=world.parent.pk).exists()
    erase(world, now + timedelta(days=2), world.other)
    assert not Guardian.objects.filter(pk=world.guardian.pk).exists()


def test_two_children_at_once_take_their_guardian_along(world, now):
    world.other.guardianships.create(guardian=world.guardian)
    erase(world, now, world.pupil, world.other)
    assert not Guardian.objects.filter(pk=world.guardian.pk).exists()


def test_who_works_here_too_keeps_the_account(world, now):
    both = GuardianFactory(email=world.teacher.email, person=world.teacher, of=[world.pupil])
    erase(world, now, world.pupil)
    assert not Guardian.objects.filter(pk=both.pk).exists()
    assert Person.objects.filter(pk=world.teacher.pk).exists()


def test_a_restore_does_not_bring_the_guardian_back(world, now):
    erase(world, now, world.pupil)
    again = GuardianFactory(pk=world.guardian.pk, email="parent@famille.example")
    world.tenant.refresh_from_db()
    (line,) = list(ledger.lines())
    assert again.pk in line.subjects
    replay_erasures([line], now=now + timedelta(days=1))
    assert not Guardian.objects.filter(pk=again.pk).exists()


def test_the_page_and_the_mail_say_that_the_guardian_goes_too(world, now, browse):
    assert losses(with_last_links([world.pupil.pk])).guardians == 1
    page = browse(world.tenant, world.admin).get(
        reverse("dpa:request_student_erasure", args=[world.pupil.pk])
    )
    assert "1 responsable sans autre enfant" in page.content.decode()


def test_the_mail_says_that_the_account_goes_too(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + timedelta(minutes=1))
    (told,) = [one for one in mail.outbox if one.to == [world.parent.email]]
    assert "votre propre compte" in told.body


@pytest.mark.parametrize("how", ["link removed", "departure"])
def test_invitations_without_a_child_here_are_taken_back(world, now, how):
    waiting = GuardianFactory(of=[world.other])
    details = {"tenant": world.tenant, "by": world.admin, "now": now, "today": now.date()}
    invite_guardians(guardians=[waiting], **details)
    sent = Invitation.objects.get(email=waiting.email)
    if how == "departure":
        note_departure(student=world.other, **details)
    else:
        remove_guardian(student=world.other, guardian=waiting, by=world.admin, now=now, today=now.date())
    sent.refresh_from_db()
    assert sent.cancelled_at == now
    assert Guardian.objects.filter(pk=waiting.pk).exists() is (how == "departure")
    assert waiting not in Guardian.objects.to_invite()


def test_a_guardian_of_nobody_goes_in_the_night(world, now):
    Guardianship.objects.filter(guardian=world.guardian).delete()
    assert enforce_retention(now=now)["adults"] == 1
    assert Erasure.objects.filter(origin="retention").about([world.guardian.pk, world.parent.pk]).exists()
    assert enforce_retention(now=now + timedelta(hours=1))["adults"] == 0


def test_staff_goes_when_the_last_role_ended_long_ago(world, now):
    gone = person_with("teacher", now=now, email="partie@ecole.example", last_name="Partie")
    Membership.objects.filter(person=gone).update(starts_on=date(2024, 9, 1), ends_on=date(2026, 7, 5))
    assert enforce_retention(now=now)["adults"] == 0
    later = now + timedelta(days=731 - 130)
    Person.objects.exclude(pk=gone.pk).update(last_seen_at=later)
    Student.objects.all().delete()
    Guardian.objects.all().delete()
    assert enforce_retention(now=later)["adults"] == 1
    assert Erasure.objects.filter(origin="retention", kind="staff").about([gone.pk]).exists()


def test_staff_who_left_no_trace_goes_and_who_teaches_or_administers_alone_stays(world, now):
    quiet = person_with("teacher", now=now, email="muette@ecole.example", last_name="Muette")
    later = now + timedelta(days=731)
    Student.objects.all().delete()
    Guardian.objects.all().delete()
    Person.objects.filter(pk=world.admin.pk).update(created_at=datetime(2020, 1, 1, tzinfo=now.tzinfo))
    enforce_retention(now=later)
    going = {pk for one in Erasure.objects.filter(origin="retention") for pk in one.subjects}
    assert quiet.pk in going
    assert world.teacher.pk not in going
    assert world.admin.pk not in going
