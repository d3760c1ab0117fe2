"""LG-U3.1o: an authorised person's administrator account creates staff, teachers' and children's accounts."""

import pytest

from classrooms.models import Student
from demo.factories.people import person_with
from isolation.context import inside
from people.actions.give_role import give_role
from people.models import Invitation, Role
from people.policy.roles import shipped

CREATING = {"people.write", "students.write", "imports.write", "invitations.write"}
PUPIL = {"last_name": "Roy", "first_name": "Léa", "birth_on": "2018-05-06", "level": "CP"}


def test_of_the_shipped_roles_the_administrator_alone_creates_accounts():
    creating = {role.key: CREATING & set(role.permissions) for role in shipped("tenant")}
    assert creating.pop("administrator") == CREATING
    assert {key for key, permissions in creating.items() if permissions} == set()


@pytest.mark.django_db
@pytest.mark.story(
    "LG-U3.1o",
    door="page",
    fr="Une enseignante n’ouvre aucun compte ; nommée administratrice en cours d’année, elle inscrit un "
    "élève et invite une collègue.",
)
def test_a_teacher_opens_no_account_until_she_is_made_an_administrator(browse, school, now):
    """A teacher opens no account; made an administrator halfway, she adds a pupil and invites a colleague."""
    with inside(school):
        teacher = person_with("teacher", now=now, email="zoe@tilleuls.example")
        invited = {"email": "karim@tilleuls.example", "language": "fr"}
        invited["role"] = str(Role.objects.get(shipped="teacher").pk)
    browser = browse(school, teacher)
    assert browser.post("/pupils/new/", PUPIL).status_code == 403
    assert browser.post("/people/invitations/new/", invited).status_code == 403
    with inside(school):
        give_role(person=teacher, role=Role.objects.get(shipped="administrator"), by=None, now=now)
    assert browser.post("/pupils/new/", PUPIL).status_code == 302
    assert browser.post("/people/invitations/new/", invited).status_code == 302
    with inside(school):
        assert Student.objects.filter(last_name="Roy").count() == 1
        assert Invitation.objects.filter(email="karim@tilleuls.example").count() == 1
