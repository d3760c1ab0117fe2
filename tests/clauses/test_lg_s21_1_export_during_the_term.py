"""LG-S21.1: during the term the client exports their data from the application."""

import pytest

from exports.policy.asking import kinds_offered

ADMINISTRATOR = {"exports.ask", "students.read", "erasures.write"}
TEACHER = {"exports.ask", "students.read"}
GUARDIAN = {"exports.ask", "family.read"}


def test_the_administrator_exports_everything():
    assert kinds_offered(rights=ADMINISTRATOR, reach="all", state="open") == {"school", "class", "student"}


def test_a_teacher_exports_their_classes_and_pupils():
    assert kinds_offered(rights=TEACHER, reach="circle", state="open") == {"class", "student"}


def test_a_guardian_exports_their_children():
    assert kinds_offered(rights=GUARDIAN, reach=None, state="open") == {"children"}


@pytest.mark.parametrize("state", ["suspended", "ended"])
def test_a_suspension_or_the_end_leaves_the_administrators_export(state):
    assert "school" in kinds_offered(rights=ADMINISTRATOR, reach="all", state=state)
    assert not kinds_offered(rights=TEACHER, reach="circle", state=state)
    assert not kinds_offered(rights=GUARDIAN, reach=None, state=state)


@pytest.mark.parametrize("state", ["opening", "erased"])
def test_there_is_nothing_before_the_opening_nor_after_the_erasure(state):
    assert not kinds_offered(rights=ADMINISTRATOR, reach="all", state=state)


def test_nobody_exports_without_the_right():
    assert not kinds_offered(rights={"students.read"}, reach="all", state="open")
