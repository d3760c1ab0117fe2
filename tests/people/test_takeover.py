"""Whoever may correct accounts doesn't come into one that opens more than their own."""

from datetime import timedelta

import pytest

from demo.factories.people import person_with
from people.actions.accept_invitation import (
    SignInFirst,
    accept_invitation,
    find_invitation,
    join_with_account,
)
from people.actions.change_person import change_person
from people.actions.create_person import create_person
from people.actions.deactivate_person import deactivate_person
from people.actions.give_role import end_role, give_role
from people.actions.guard import CannotGive, LastAdministrator
from people.actions.invite import InvitationClosed, invite, resend_invitation
from people.models import Membership, Person, Role

MINE = {"email": "mine@elsewhere.example"}


@pytest.fixture
def head(in_school, now):
    return person_with("administrator", now=now, email="head@tilleuls.example")


@pytest.fixture
def helper(head, now):
    """Return a teacher who also corrects accounts, for their own circle."""
    person = person_with("teacher", now=now, email="helper@tilleuls.example")
    role = Role.objects.create(
        name="Helper", permissions=["people.read", "people.write"], scope="all", created_at=now
    )
    give_role(person=person, role=role, by=None, now=now)
    return person


def test_a_colleagues_circle_is_not_ones_own(helper, now):
    colleague = person_with("teacher", now=now, email="colleague@tilleuls.example")
    with pytest.raises(CannotGive):
        change_person(person=colleague, by=helper, now=now, **MINE)
    assert change_person(person=colleague, by=helper, now=now, last_name="Roux").last_name == "Roux"


def test_a_closed_account_keeps_the_address_that_opens_it(head, helper, now):
    other = person_with("administrator", now=now, email="other@tilleuls.example")
    deactivate_person(person=other, by=head, now=now)
    with pytest.raises(CannotGive):
        change_person(person=other, by=helper, now=now, **MINE)
    assert (
        change_person(person=other, by=head, now=now, email="new@tilleuls.example").email
        == "new@tilleuls.example"
    )


def test_a_role_that_starts_tomorrow_counts(head, helper, now):
    late = person_with("finance_contact", now=now, email="late@tilleuls.example")
    late.memberships.all().delete()
    start = now.date() + timedelta(days=1)
    give_role(person=late, role=Role.objects.get(shipped="administrator"), by=head, now=now, starts_on=start)
    with pytest.raises(CannotGive):
        change_person(person=late, by=helper, now=now, **MINE)


def test_an_administrator_corrects_a_parents_address(head, now):
    parent = person_with("guardian", now=now, email="parent@famille.example")
    assert (
        change_person(person=parent, by=head, now=now, email="lise@famille.example").email
        == "lise@famille.example"
    )


def test_an_invitation_sets_nobodys_password_but_that_of_an_account_that_waits(head, now):
    invitation = invite(email="late@tilleuls.example", role_key="teacher", by=head, now=now)
    person_with("teacher", now=now, email="late@tilleuls.example")
    with pytest.raises(SignInFirst):
        accept_invitation(token=invitation.token, password="six grues volent vers Oslo", now=now)
    with pytest.raises(SignInFirst):
        join_with_account(token=invitation.token, person=head, now=now)


def test_an_invitation_opens_no_account_that_was_closed(head, now):
    person = create_person(by=head, now=now, email="zoe@tilleuls.example")
    invitation = invite(email=person.email, role_key="teacher", person_id=person.pk, by=head, now=now)
    deactivate_person(person=person, by=head, now=now)
    with pytest.raises(InvitationClosed):
        accept_invitation(token=invitation.token, password="six grues volent vers Oslo", now=now)


def test_an_invitation_stands_as_long_as_its_author_may_give_it(head, now):
    other = person_with("administrator", now=now, email="other@tilleuls.example")
    invitation = invite(email="late@tilleuls.example", role_key="teacher", by=other, now=now)
    end_role(membership=Membership.objects.get(person=other), by=head, now=now)
    with pytest.raises(InvitationClosed, match="expired"):
        find_invitation(invitation.token, now=now)
    again = resend_invitation(invitation=invitation, by=head, now=now)
    assert find_invitation(again.token, now=now) == again


def test_who_leaves_takes_their_invitations_along(head, now):
    other = person_with("administrator", now=now, email="other@tilleuls.example")
    mine = invite(email="late@tilleuls.example", role_key="teacher", by=other, now=now)
    theirs = invite(email="soon@tilleuls.example", role_key="teacher", by=head, now=now)
    deactivate_person(person=other, by=head, now=now)
    Person.objects.filter(pk=other.pk).delete()  # erased: nobody is named any more
    with pytest.raises(InvitationClosed, match="expired"):
        find_invitation(mine.token, now=now)
    assert find_invitation(theirs.token, now=now) == theirs


def test_the_keys_alone_do_not_keep_a_place(head, now):
    deputy = person_with("teacher", now=now, email="deputy@tilleuls.example")
    keys = Role.objects.create(name="Clés", permissions=["roles.write"], scope="all", created_at=now)
    give_role(person=deputy, role=keys, by=head, now=now)
    with pytest.raises(LastAdministrator):
        deactivate_person(person=head, by=head, now=now)
