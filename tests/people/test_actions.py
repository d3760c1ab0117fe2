"""Roles, invitations and accounts, on PostgreSQL."""

from datetime import date, timedelta

import pytest

from agenda.loop import send_outbox
from agenda.models import Obligation, OutboxMessage
from audit.models import Entry
from demo.factories.people import person_with
from people.actions.accept_invitation import accept_invitation, find_invitation
from people.actions.deactivate_person import deactivate_person, reactivate_person
from people.actions.edit_role import StillHeld, UnknownRight, copy_role, edit_role, remove_role
from people.actions.give_role import AlreadyHeld, EndsTooSoon, NeedsAnEnd, end_role, give_role
from people.actions.guard import CannotGive, LastAdministrator
from people.actions.invite import AlreadyHere, InvitationClosed, cancel_invitation, invite, resend_invitation
from people.models import Invitation, Membership, Person, Role
from people.policy.invitations import VALID, TermsComeFirst
from people.queries import lasting_grantors, permissions_of, terms_in_force_here

PHRASE = "six grues volent vers Oslo"


@pytest.fixture
def head(in_school, now):
    return person_with("administrator", now=now, email="head@tilleuls.example")


def role(key):
    return Role.objects.get(shipped=key)


def verbs():
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))


def test_a_place_starts_with_its_roles(in_school):
    assert [r.shipped for r in Role.objects.all()] == [
        "administrator",
        "teacher",
        "professional",
        "guardian",
        "student",
        "finance_contact",
        "auditor",
    ]


def test_the_last_administrator_keeps_the_keys(head, now):
    membership = Membership.objects.get(person=head)
    assert lasting_grantors(now.date()) == {head.pk}
    with pytest.raises(LastAdministrator):
        end_role(membership=membership, by=head, now=now)
    with pytest.raises(LastAdministrator):
        deactivate_person(person=head, by=head, now=now)
    admin = role("administrator")
    with pytest.raises(LastAdministrator):
        edit_role(role=admin, name="", permissions=["people.read"], scope="all", by=head, now=now)
    assert Person.objects.get(pk=head.pk).is_active
    assert Membership.objects.get(pk=membership.pk).ends_on is None


def test_with_two_administrators_one_may_go(head, now):
    other = person_with("administrator", now=now, email="deputy@tilleuls.example")
    end_role(membership=Membership.objects.get(person=head), by=other, now=now)
    assert permissions_of(head.pk, today=now.date()) == {}
    assert lasting_grantors(now.date()) == {other.pk}


def test_a_role_over_ones_own_classes_does_not_keep_the_keys(head, now):
    other = person_with("teacher", now=now, email="other@tilleuls.example")
    keys = role("administrator").permissions
    narrow = Role.objects.create(name="Adjointe", permissions=keys, scope=Role.Scope.OWN, created_at=now)
    Membership.objects.create(person=other, role=narrow, starts_on=now.date())
    assert lasting_grantors(now.date()) == {head.pk}
    with pytest.raises(LastAdministrator):
        deactivate_person(person=head, by=head, now=now)


def test_an_administrator_with_an_end_does_not_keep_the_keys(head, now):
    other = person_with("teacher", now=now, email="other@tilleuls.example")
    give_role(
        person=other, role=role("administrator"), by=head, now=now, ends_on=now.date() + timedelta(days=30)
    )
    with pytest.raises(LastAdministrator):
        end_role(membership=Membership.objects.get(person=head), by=other, now=now)


def test_nobody_gives_what_they_do_not_hold(head, now):
    deputy = person_with("teacher", now=now, email="deputy@tilleuls.example")
    helper = copy_role(role=role("teacher"), name="Aide", by=head, now=now)
    helper = edit_role(
        role=helper,
        name="Aide",
        permissions=["people.read", "roles.write", "invitations.write"],
        scope="all",
        by=head,
        now=now,
    )
    give_role(person=deputy, role=helper, by=head, now=now)
    for key in ("administrator", "finance_contact"):
        with pytest.raises(CannotGive):
            give_role(person=deputy, role=role(key), by=deputy, now=now)
        with pytest.raises(CannotGive):
            invite(email="x@tilleuls.example", role_key=key, by=deputy, now=now)
    with pytest.raises(CannotGive):
        edit_role(
            role=helper,
            name="Aide",
            permissions=[*helper.permissions, "audit.read"],
            scope="all",
            by=deputy,
            now=now,
        )
    with pytest.raises(CannotGive):
        deactivate_person(person=head, by=deputy, now=now)
    assert edit_role(
        role=helper, name="Coup de main", permissions=helper.permissions, scope="all", by=deputy, now=now
    ).name


def test_an_auditor_comes_for_a_time(head, now):
    auditor = person_with("teacher", now=now, email="auditor@tilleuls.example")
    with pytest.raises(NeedsAnEnd):
        give_role(person=auditor, role=role("auditor"), by=head, now=now)
    with pytest.raises(EndsTooSoon):
        give_role(person=auditor, role=role("auditor"), by=head, now=now, ends_on=now.date())
    give_role(person=auditor, role=role("auditor"), by=head, now=now, ends_on=date(2026, 11, 18))
    assert "audit.read" in permissions_of(auditor.pk, today=date(2026, 11, 17))
    assert "audit.read" not in permissions_of(auditor.pk, today=date(2026, 11, 18))


def test_a_role_is_held_once_at_a_time(head, now):
    with pytest.raises(AlreadyHeld):
        give_role(person=head, role=role("administrator"), by=head, now=now)


def test_roles_that_ship_or_were_given_stay(head, now):
    copy = copy_role(role=role("teacher"), name="Remplaçant", by=head, now=now)
    give_role(person=head, role=copy, by=head, now=now)
    for kept in (copy, role("teacher")):
        with pytest.raises(StillHeld):
            remove_role(role=kept, by=head, now=now)
    free = copy_role(role=copy, name="Autre", by=head, now=now)
    remove_role(role=free, by=head, now=now)
    assert not Role.objects.filter(name="Autre").exists()
    with pytest.raises(UnknownRight):
        edit_role(role=copy, name="Remplaçant", permissions=["tenants.write"], scope="all", by=head, now=now)


def test_closing_and_opening_an_account(head, now):
    teacher = person_with("teacher", now=now, email="t@tilleuls.example")
    deactivate_person(person=teacher, by=head, now=now)
    assert permissions_of(teacher.pk, today=now.date()) == {}
    reactivate_person(person=teacher, by=head, now=now)
    assert "record.write" in permissions_of(teacher.pk, today=now.date())
    assert verbs()[-2:] == ["person.deactivated", "person.reactivated"]


@pytest.fixture
def invitation(head, now):
    return invite(
        email="New.Teacher@tilleuls.example", role_key="teacher", by=head, now=now, note="Bienvenue"
    )


def accept(invitation, now, school, **changes):
    required = [languages[0] for languages in terms_in_force_here(school, now=now)]
    values = {"first_name": "Zoé", "last_name": "Étienne", "required": required, "accepted": required}
    return accept_invitation(token=invitation.token, password=PHRASE, now=now, **(values | changes))


def test_an_invited_person_accepts_the_terms_then_enters(invitation, now, in_school):
    with pytest.raises(TermsComeFirst):
        accept(invitation, now, in_school, accepted=[])
    assert not Person.objects.filter(email="new.teacher@tilleuls.example").exists()
    person = accept(invitation, now, in_school)
    assert person.username == "zoe.etienne"
    assert person.check_password(PHRASE)
    assert person.acceptances.count() == 2
    assert "record.write" in permissions_of(person.pk, today=now.date())
    assert Obligation.objects.get(subject_id=invitation.pk).state == "kept"
    with pytest.raises(InvitationClosed) as closed:
        find_invitation(invitation.token, now=now)
    assert closed.value.state == "accepted"


def test_only_the_last_link_works_and_only_for_fourteen_days(invitation, head, now):
    first = invitation.token
    again = resend_invitation(invitation=invitation, by=head, now=now + timedelta(days=1))
    with pytest.raises(InvitationClosed):
        find_invitation(first, now=now)
    assert find_invitation(again.token, now=now + timedelta(days=14)).pk == invitation.pk
    with pytest.raises(InvitationClosed) as closed:
        find_invitation(again.token, now=now + timedelta(days=1) + VALID)
    assert closed.value.state == "expired"
    assert again.token not in (again.token_hash, again.nonce)


def test_a_cancelled_invitation_opens_nothing(invitation, head, now):
    cancel_invitation(invitation=invitation, by=head, now=now)
    with pytest.raises(InvitationClosed):
        find_invitation(invitation.token, now=now)
    with pytest.raises(InvitationClosed):
        resend_invitation(invitation=Invitation.objects.get(), by=head, now=now)
    assert Obligation.objects.filter(subject_id=invitation.pk, state="owed").count() == 0


def test_somebody_who_is_here_is_not_invited(head, now):
    with pytest.raises(AlreadyHere):
        invite(email="HEAD@tilleuls.example", role_key="teacher", by=head, now=now)


def test_inviting_twice_sends_a_new_link_of_the_same_invitation(invitation, head, now):
    again = invite(
        email="new.teacher@tilleuls.example", role_key="teacher", by=head, now=now + timedelta(hours=1)
    )
    assert again.pk == invitation.pk
    assert Invitation.objects.count() == 1


def test_the_outbox_names_no_address_and_no_link(invitation):
    message = OutboxMessage.objects.get(template="people/invitation")
    assert set(message.ids) == {"invitation", "nonce"}
    assert invitation.token not in str(message.ids)


def test_the_mail_leads_to_the_invitation(invitation, now, mailoutbox):
    send_outbox(now)
    [mail] = mailoutbox
    assert mail.to == ["new.teacher@tilleuls.example"]
    assert f"/invitation/{invitation.token}/" in mail.body
    assert "tilleuls" in mail.body
    assert "Bienvenue" in mail.body
