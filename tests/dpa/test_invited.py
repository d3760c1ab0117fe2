"""Who was invited is erased with the invitation: its row, its mail and what the audit trail said of it."""

from datetime import timedelta

import pytest

from agenda.loop import tick
from audit.actions import verify
from classrooms.actions.invite_guardians import invite_guardians
from classrooms.models import Guardian
from demo.factories.classrooms import GuardianFactory
from dpa.actions.request_erasure import delete_guardian, request_person_erasure
from people.actions.accept_invitation import accept_invitation, find_invitation
from people.actions.invite import InvitationClosed, invite
from people.models import Invitation
from tests.dpa.test_erasure import everything_that_says

HALF_A_DAY = timedelta(hours=12)


def test_a_guardian_who_never_answered_leaves_no_address(world, now):
    guardian = GuardianFactory(email="jamais@famille.example", of=[world.pupil])
    details = {"tenant": world.tenant, "by": world.admin, "now": now, "today": world.tenant.today(now)}
    invite_guardians(guardians=Guardian.objects.filter(pk=guardian.pk), **details)
    delete_guardian(guardian=guardian, by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    assert everything_that_says("jamais@famille.example", world.tenant) == []
    assert not Invitation.objects.filter(email="jamais@famille.example").exists()
    assert verify().is_whole


def test_the_link_of_an_invitation_is_dead_as_soon_as_deletion_is_asked(world, now):
    invitation = invite(email="nouvelle@famille.example", role_key="guardian", by=world.admin, now=now)
    guardian = GuardianFactory(email="nouvelle@famille.example", of=[world.pupil])
    delete_guardian(guardian=guardian, by=world.admin, now=now)
    with pytest.raises(InvitationClosed):
        find_invitation(invitation.token, now=now)


def test_a_teacher_who_came_by_invitation_leaves_no_address(world, now):
    invitation = invite(email="nouvelle@ecole.example", role_key="teacher", by=world.admin, now=now)
    person = accept_invitation(
        token=invitation.token, password="six grues volent vers Oslo", now=now, last_name="Neuve"
    )
    request_person_erasure(person=person, by=world.admin, now=now)
    tick(now + HALF_A_DAY)
    assert everything_that_says("nouvelle@ecole.example", world.tenant) == []
    assert verify().is_whole
