"""A group can't widen the circle of who makes it."""

import pytest

from classrooms.models import Group, Student
from classrooms.queries.circles import students_seen_by
from demo.factories.classrooms import ClassFactory, StudentFactory, TeachingFactory
from demo.factories.people import person_with
from isolation.context import inside
from people.actions.give_role import give_role
from people.models import Role


@pytest.fixture
def world(db, school, now):
    with inside(school):
        teacher = person_with("teacher", now=now, email="groups@ecole.example")
        role = Role.objects.create(
            name="Groups", permissions=["classes.read", "classes.write"], scope="circle", created_at=now
        )
        give_role(person=teacher, role=role, by=None, now=now)
        ours = ClassFactory(name="CE1 Nôtre")
        other = ClassFactory(name="CE2 Autre")
        TeachingFactory(person=teacher, school_class=ours)
        return {
            "teacher": teacher,
            "mine": StudentFactory(school_class=ours),
            "stranger": StudentFactory(school_class=other, first_name="Ailleurs"),
            "admin": person_with("administrator", now=now, email="dir@ecole.example"),
        }


def test_pupils_of_others_are_neither_shown_nor_taken(world, school, browse):
    site = browse(school, world["teacher"])
    teacher = world["teacher"]
    page = site.get("/groups/new/")
    assert str(world["mine"].pk) in page.content.decode()
    assert "Ailleurs" not in page.content.decode()
    chosen = {"name": "Lecture", "teachers": [str(teacher.pk)]}
    answer = site.post(
        "/groups/new/", {**chosen, "students": [str(world["mine"].pk), str(world["stranger"].pk)]}
    )
    assert answer.status_code == 400
    assert site.post("/groups/new/", {**chosen, "students": [str(world["mine"].pk)]}).status_code == 302
    with inside(school):
        assert Group.objects.get(name="Lecture").members.count() == 1
        assert not students_seen_by(teacher, "circle").filter(pk=world["stranger"].pk).exists()


def test_an_administrator_chooses_among_all(world, school, browse):
    page = browse(school, world["admin"]).get("/groups/new/").content.decode()
    with inside(school):
        assert all(str(pk) in page for pk in Student.objects.active().values_list("pk", flat=True))
