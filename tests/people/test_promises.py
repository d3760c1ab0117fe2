"""What people owes for a time, and the mails it sends."""

from datetime import UTC, datetime, timedelta

import pytest

from agenda.loop import send_outbox, tick
from agenda.models import Obligation
from audit.models import Entry
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.actions.change_person import change_person
from people.actions.create_person import AddressTaken, create_person
from people.actions.guard import CannotGive
from people.actions.invite import invite
from people.actions.review_access import review_access
from people.models import AccessReview, Membership, Person, Role
from people.policy.invitations import VALID


@pytest.fixture
def head(school, now, db):
    with inside(school):
        return person_with("administrator", now=now, email="head@tilleuls.example")


def test_an_invitation_nobody_answers_expires_by_itself(head, school, now):
    with inside(school):
        invitation = invite(email="zoe@tilleuls.example", role_key="teacher", by=head, now=now)
    tick(now + VALID - timedelta(minutes=1))
    with inside(school):
        assert not Entry.objects.filter(verb="invitation.expired").exists()
    tick(now + VALID)
    with inside(school):
        assert Entry.objects.filter(verb="invitation.expired", subject_id=invitation.pk).count() == 1
        assert Obligation.objects.get(subject_id=invitation.pk).evidence == {"state": "expired"}


def test_an_invitation_to_the_staff_expires_in_the_operators_house(now, as_operator):
    boss = person_with("operator_administrator", now=now, email="boss@preau.example")
    invitation = invite(email="new@preau.example", role_key="support", by=boss, now=now)
    tick(now + VALID)
    assert Entry.objects.filter(verb="invitation.expired", subject_id=invitation.pk).count() == 1


def test_a_review_of_access_is_owed_from_the_opening_and_asked_two_weeks_ahead(head, school, now, mailoutbox):
    with inside(school):
        owed = Obligation.objects.get(clause="LG-DCa", kind="review", subject_id=school.pk)
    assert owed.due_at == datetime(2027, 5, 15, 22, 0, tzinfo=UTC)
    assert owed.due_at - owed.run_at == timedelta(days=14)
    tick(owed.run_at)
    send_outbox(owed.run_at)
    reviews = [mail for mail in mailoutbox if "/people/review/" in mail.body]
    assert [mail.to for mail in reviews] == [["head@tilleuls.example"]]
    with inside(school):
        rows = Obligation.objects.filter(clause="LG-DCa", subject_id=school.pk).order_by("due_at")
        assert [row.state for row in rows] == ["kept", "owed"]
        assert rows[1].due_at == datetime(2027, 11, 15, 23, 0, tzinfo=UTC)


def test_a_review_ends_what_has_ended_and_owes_the_next(head, school, now):
    later = now + timedelta(days=30)
    with inside(school):
        other = person_with("teacher", now=now, email="t@tilleuls.example")
        gone = Membership.objects.get(person=other)
        review = review_access(tenant=school, end=[gone.pk], by=head, now=later)
        assert (review.confirmed, review.ended) == (1, 1)
        gone.refresh_from_db()
        assert gone.ends_on == school.today(later)
        assert AccessReview.objects.get().reviewed_by == head
        rows = Obligation.objects.filter(clause="LG-DCa", subject_id=school.pk).order_by("due_at")
        assert [row.state for row in rows] == ["kept", "owed"]


def test_mails_say_one_thing_in_the_readers_language_without_images(head, school, now, mailoutbox):
    with inside(school):
        invite(
            email="zoe@tilleuls.example",
            role_key="teacher",
            by=head,
            now=now,
            language="en",
            note="See you <soon>",
        )
        invite(email="noe@tilleuls.example", role_key="teacher", by=head, now=now, language="fr")
    send_outbox(now)
    english, french = sorted(mailoutbox, key=lambda mail: mail.to[0], reverse=True)
    assert english.subject == "Your invitation to École des Tilleuls"
    assert "See you <soon>" in english.body
    [(html, kind)] = english.alternatives
    assert kind == "text/html"
    assert "See you &lt;soon&gt;" in html
    assert "<img" not in html
    assert "Enseignant" in french.body
    assert "jusqu’au 30 novembre 2026" in french.body.replace("\u00a0", " ")


def test_a_mail_to_somebody_whose_account_was_closed_is_not_sent(head, school, now, mailoutbox):
    from agenda.actions import enqueue_message

    with inside(school):
        enqueue_message("people/password_reset", ids={"person": str(head.pk)}, now=now, key="t1")
        Person.objects.filter(pk=head.pk).update(is_active=False)
    send_outbox(now)
    assert mailoutbox == []


def test_correcting_an_account_keeps_the_old_values_in_the_erasable_part(head, school, now):
    with inside(school):
        other = person_with("teacher", now=now, email="t@tilleuls.example")
        change_person(person=other, by=head, now=now, last_name="Roux", email="roux@tilleuls.example")
        entry = Entry.objects.get(verb="person.changed")
        assert entry.facts == {"fields": ["last_name", "email"]}
        assert entry.personal.part["before"]["email"] == "t@tilleuls.example"
        with pytest.raises(AddressTaken):
            change_person(person=other, by=head, now=now, email="head@tilleuls.example")


def test_nobody_moves_the_address_of_somebody_who_may_do_more(head, school, now):
    with inside(school):
        helper = person_with("teacher", now=now, email="t@tilleuls.example")
        with pytest.raises(CannotGive):
            change_person(person=head, by=helper, now=now, email="mine@elsewhere.example")
        assert change_person(person=helper, by=helper, now=now, language="en").language == "en"


def test_user_names_are_made_and_compared_without_case_or_accents(school, now, db):
    with inside(school):
        first = create_person(by=None, now=now, first_name="Élodie", last_name="d’Arc Ünal")
        second = create_person(by=None, now=now, first_name="Elodie", last_name="D’Arc Unal")
        third = create_person(by=None, now=now, email="Zoe.K@ecole.example")
    assert first.username == "elodie.darc-unal"
    assert second.username == "elodie.darc-unal2"
    assert third.username == "zoe-k"
    assert not third.has_usable_password()


def test_a_new_school_has_its_roles_and_the_house_its_own(school, now, db):
    with inside(school):
        assert Role.objects.filter(shipped="administrator").exists()
        assert not Role.objects.filter(shipped="finance").exists()
    with inside_operator():
        person_with("finance", now=now, email="f@preau.example")
        assert not Role.objects.filter(shipped="teacher").exists()
