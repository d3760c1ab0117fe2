"""Inviting many families: counted and listed before, and taken back while nobody has answered."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from agenda.loop import tick
from classrooms.models import Guardian
from classrooms.queries.rounds import last_round
from demo.factories.classrooms import GuardianFactory, StudentFactory
from demo.factories.people import person_with
from people.models import Invitation


@pytest.fixture
def families(in_school):
    pupil = StudentFactory()
    return [GuardianFactory(email=f"famille{n}@famille.example", of=[pupil]) for n in range(3)]


@pytest.fixture
def client(in_school, now, browse):
    return browse(in_school, person_with("administrator", now=now, email="direction@ecole.example"))


def send(client, shown=3):
    return client.post(reverse("classrooms:families_invite"), {"shown": shown}, follow=True)


def take_back(client, shown):
    return client.post(reverse("classrooms:families_take_back"), {"shown": shown}, follow=True)


def test_the_count_and_the_list_are_shown_and_nothing_is_sent_by_looking(families, client, now):
    page = client.get(reverse("classrooms:families_invite")).content.decode()
    assert "Envoyer ces 3 invitations" in page
    assert all(one.email in page for one in families)
    tick(now + timedelta(minutes=1))
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_what_is_sent_is_what_was_shown(families, client):
    send(client, shown=2)
    assert not Invitation.objects.exists()
    send(client)
    assert Invitation.objects.count() == 3


def test_all_of_them_are_taken_back_but_who_answered(families, client, now):
    page = send(client).content.decode()
    assert "3 invitations encore sans réponse" in page
    tick(now + timedelta(minutes=1))
    joined = person_with("guardian", now=now, email=families[0].email)
    Guardian.objects.filter(pk=families[0].pk).update(person=joined)
    Invitation.objects.filter(email=families[0].email).update(accepted_at=now)
    found = last_round(now=now)
    assert found is not None
    assert found.waiting == 2
    assert "2 invitations reprises" in take_back(client, found.shown).content.decode()
    assert Invitation.objects.filter(cancelled_at=None).count() == 1
    assert set(Guardian.objects.to_invite()) == set(families[1:])
    assert last_round(now=now) is None


def test_another_round_than_the_one_shown_stays(families, client, now):
    send(client)
    take_back(client, now.isoformat())
    assert Invitation.objects.filter(cancelled_at=None).count() == 3


def test_a_mail_that_waits_is_not_sent_once_taken_back(families, client, now):
    send(client)
    found = last_round(now=now)
    assert found is not None
    take_back(client, found.shown)
    tick(now + timedelta(minutes=5))
    assert not mail.outbox


def test_a_single_invitation_and_one_that_ran_out_are_no_round(families, client, now):
    client.post(reverse("classrooms:families"), {"ids": [str(families[0].pk)]})
    assert last_round(now=now) is None
    client.post(reverse("classrooms:families"), {"ids": [str(one.pk) for one in families]})
    assert last_round(now=now) is not None
    assert last_round(now=now + timedelta(days=15)) is None
