"""LG-U4: carried out where the user may, a request to the controller elsewhere.

A parent takes nobody along.
"""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from demo.factories.classrooms import ClassFactory, GuardianFactory, StudentFactory, TeachingFactory
from demo.factories.people import person_with
from dpa.models import Erasure
from dpa.policy.asking import ErasureOutcome, ErasureTerms, Ruling, own_account
from isolation.context import inside
from tests.clauses.stage import later, mails, read

SCHOOL = ErasureTerms(
    who="controller", takes_children=False, subjects=frozenset({"administrator", "teacher", "student"})
)
NURSERY = ErasureTerms(
    who="user", takes_children=False, subjects=frozenset({"administrator", "teacher", "student", "guardian"})
)
FAMILY = ErasureTerms(
    who="user", takes_children=True, subjects=frozenset({"administrator", "guardian", "student"})
)


@pytest.mark.parametrize("kind", ["administrator", "teacher", "student"])
def test_in_a_school_it_becomes_a_request_to_the_controller(kind):
    ruling = own_account(kind=kind, administers=kind == "administrator", promises=[SCHOOL])
    assert ruling == Ruling(ErasureOutcome.REQUEST, takes_children=False)


def test_a_nursery_parent_deletes_their_own_account_and_never_the_childs_record():
    assert own_account(kind="guardian", administers=False, promises=[NURSERY]) == Ruling(
        ErasureOutcome.CARRIED_OUT, False
    )


def test_a_family_administrator_deletes_the_childrens_accounts_too():
    assert own_account(kind="guardian", administers=True, promises=[FAMILY]) == Ruling(
        ErasureOutcome.CARRIED_OUT, True
    )


def test_the_second_parent_of_a_family_deletes_their_own_only():
    assert own_account(kind="guardian", administers=False, promises=[FAMILY]) == Ruling(
        ErasureOutcome.CARRIED_OUT, False
    )


def test_a_school_with_a_nursery_record_lets_parents_delete_and_asks_for_teachers():
    assert (
        own_account(kind="guardian", administers=False, promises=[SCHOOL, NURSERY]).how
        is ErasureOutcome.CARRIED_OUT
    )
    assert (
        own_account(kind="teacher", administers=False, promises=[SCHOOL, NURSERY]).how
        is ErasureOutcome.REQUEST
    )


def test_nothing_is_carried_out_on_no_promise():
    assert own_account(kind="guardian", administers=False, promises=[]).how is ErasureOutcome.REQUEST


@pytest.fixture
def around(db, school, now):
    """Return a pupil of a school with a nursery record, and the people around: head, teacher, parent."""
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        teacher = person_with("teacher", now=now, email="maitresse@ecole.example", last_name="Roy")
        parent = person_with("guardian", now=now, email="parent@famille.example", last_name="Petit")
        pupil = StudentFactory(first_name="Zéphyrine", last_name="Petit", school_class=ClassFactory())
        TeachingFactory(person=teacher, school_class=pupil.enrolments.get().school_class)
        GuardianFactory(email=parent.email, person=parent, of=[pupil])
    return SimpleNamespace(school=school, head=head, teacher=teacher, parent=parent, pupil=pupil)


@pytest.mark.story(
    "LG-U4",
    door="page",
    fr="Un parent de crèche supprime son compte, se ravise par le lien du courriel, puis recommence : "
    "son accès s’arrête aussitôt, son compte disparaît, et le carnet de l’enfant reste.",
)
def test_a_parent_deletes_their_own_account_and_the_childs_record_stays(around, browse, clock):
    """A nursery parent deletes their account, takes it back by the link of the mail, then deletes it again:
    access stops at once, the account goes, and the child's record stays.
    """
    mine = reverse("dpa:my_data")
    typed = {"confirm_name": around.parent.name}
    home = browse(around.school, around.parent)
    assert "Le carnet d’un enfant reste à l’établissement" in read(home.get(mine))
    assert "Votre compte est fermé" in read(home.post(mine, typed))
    assert home.get(mine).status_code == 302  # signed out
    later(clock, minutes=5)
    link = re.search(r"/privacy/undo/[^\s/]+/", mails("")[-1].body)[0]
    assert browse(around.school).post(link).status_code == 302
    home = browse(around.school, around.parent)
    assert "Supprimer mon compte" in read(home.get(mine))
    assert "Votre compte est fermé" in read(home.post(mine, typed))
    later(clock, hours=12)
    assert (
        browse(around.school, around.head).get(reverse("people:person", args=[around.parent.pk])).status_code
        == 404
    )
    pupil = browse(around.school, around.teacher).get(reverse("classrooms:student", args=[around.pupil.pk]))
    assert "Zéphyrine Petit" in read(pupil)
    assert "parent@famille.example" not in read(pupil)


@pytest.mark.story(
    "LG-U4",
    door="page",
    fr="Une enseignante demande la suppression de son compte : l’école décide ; elle travaille jusqu’au "
    "oui, cinq jours plus tard, et son accès s’arrête alors aussitôt.",
)
def test_a_teachers_wish_is_the_schools_to_answer(around, browse, clock):
    """A teacher asks for her account to be deleted: the school decides; she works until the yes, five days
    later, and her access stops then, at once.
    """
    mine = reverse("dpa:my_data")
    room = browse(around.school, around.teacher)
    asked = read(room.post(mine, {"confirm_name": around.teacher.name}, follow=True))
    assert "parvenue à l’établissement, qui répond avant le 16/12/2026 10:00" in asked
    later(clock, minutes=5)
    assert mails("")[-1].to == ["direction@ecole.example"]
    later(clock, days=5)
    room = browse(around.school, around.teacher)
    assert room.get(reverse("classrooms:classes")).status_code == 200
    with inside(around.school):
        wish = Erasure.objects.get()
    head = browse(around.school, around.head)
    assert head.post(reverse("dpa:approve", args=[wish.pk])).status_code == 302
    assert room.get(reverse("classrooms:classes")).status_code == 302
    later(clock, hours=12, minutes=1)
    head = browse(around.school, around.head)
    assert head.get(reverse("people:person", args=[around.teacher.pk])).status_code == 404
