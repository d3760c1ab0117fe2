"""LG-U3.1o: an authorised person's administrator account creates staff, teachers' and children's accounts."""

import pytest

from classrooms.policy.accounts import may_create

ADMINISTRATOR = {"people.write", "students.write", "imports.write", "invitations.write"}
TEACHER = {"classes.read", "students.read", "record.read", "record.write", "results.read", "results.write"}
KINDS = ["administrator", "staff", "teacher", "child", "import", "guardian"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_administrator_creates_each_kind(kind):
    assert may_create(kind, rights=ADMINISTRATOR)


@pytest.mark.parametrize("kind", KINDS)
def test_a_teacher_and_a_guardian_create_none(kind):
    assert not may_create(kind, rights=TEACHER)
    assert not may_create(kind, rights={"family.read"})


def test_an_unknown_kind_of_account_is_a_mistake():
    with pytest.raises(KeyError):
        may_create("ghost", rights=ADMINISTRATOR)
