"""Choices too many to be sent are searched where they stand: by the script, and without it."""

from datetime import UTC, date, datetime

import lxml.html
import pytest

from classrooms.models import Group, GroupStudent, Student
from contracts.policy.searching import answers_to
from demo.factories.classrooms import YearFactory
from demo.factories.people import person_with
from isolation.context import inside
from learning.models import Result

MADE_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "text", "answers"),
    [
        ("", "Inès Abadie", True),
        ("ines", "Inès Abadie", True),
        ("ABAD inè", "Inès Abadie", True),
        ("ines bera", "Inès Abadie", False),
        ("ﬁ", "Delphine Fié", True),
    ],
)
def test_each_word_is_looked_for_without_accents(words, text, answers):
    assert answers_to(words, text) is answers


@pytest.fixture
def pupils(db, school):
    with inside(school):
        return Student.objects.bulk_create(
            Student(first_name=f"Élan{n}", last_name="Béraud", birth_on=date(2018, 1, 1), created_at=MADE_AT)
            for n in range(80)
        )


@pytest.fixture
def office(browse, school, now, db):
    with inside(school):
        head = person_with("administrator", now=now, email="dir@ecole.example")
    return browse(school, head)


def drawn(answer, field):
    """Return what a page draws of a field: value to whether it is chosen, and all hidden values."""
    page = lxml.html.fromstring(answer.content)
    boxes = page.xpath(f'//input[@name="{field}" and (@type="checkbox" or @type="radio")]')
    hidden = {
        each.get("name"): [other.get("value") for other in page.xpath(f'//input[@name="{each.get("name")}"]')]
        for each in page.xpath('//input[@type="hidden"]')
    }
    return {box.get("value"): box.get("checked") is not None for box in boxes if box.get("value")}, hidden


def test_a_short_list_is_sent_as_it_is(office, in_school):
    pupil = Student.objects.create(
        first_name="Inès", last_name="Abadie", birth_on=date(2018, 1, 1), created_at=MADE_AT
    )
    page = office.get("/results/new/").content.decode()
    assert f'<option value="{pupil.pk}">' in page
    assert "find-student" not in page


def test_a_long_list_is_searched_by_an_address(office, pupils):
    rows, _hidden = drawn(office.get("/results/new/"), "student")
    assert len(rows) == 50
    rows, _hidden = drawn(office.get("/results/new/", {"find-student": "beraud elan79"}), "student")
    assert list(rows) == [str(pupils[79].pk)]
    assert (
        "Nothing in the list answers"
        in office.get("/results/new/", {"find-student": "zzz"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )


def test_without_the_script_a_button_searches_and_saves_nothing(office, school, pupils):
    typed = {"find-student": "élan7", "find": "student", "score": "61", "new_activity": "Lire", "student": ""}
    answer = office.post("/results/new/", typed | {"student-searched": "1"})
    assert answer.status_code == 200
    rows, _hidden = drawn(answer, "student")
    assert str(pupils[79].pk) in rows
    page = answer.content.decode()
    assert 'value="61"' in page
    assert 'value="Lire"' in page
    assert "error-summary" not in page
    with inside(school):
        assert Result.objects.count() == 0


def test_who_is_chosen_stays_drawn_while_others_are_searched(office, pupils):
    chosen = str(pupils[3].pk)
    typed = {"find-student": "elan79", "find": "student", "student": chosen, "student-searched": "1"}
    rows, _hidden = drawn(office.post("/results/new/", typed), "student")
    assert rows == {chosen: True, str(pupils[79].pk): False}


def test_what_is_chosen_is_saved(office, school, pupils):
    sent = {"student": str(pupils[79].pk), "student-searched": "1", "find-student": "elan79"}
    sent |= {"score": "61", "new_activity": "Lire", "done_on": "2026-11-13"}
    assert office.post("/results/new/", sent).status_code == 302
    with inside(school):
        assert Result.objects.get().student_id == pupils[79].pk


@pytest.fixture
def choir(school, pupils):
    with inside(school):
        group = Group.objects.create(year=YearFactory(), name="Chorale")
        GroupStudent.objects.bulk_create(GroupStudent(group=group, student=pupil) for pupil in pupils[:70])
    return group


def members(school, group):
    with inside(school):
        return set(GroupStudent.objects.filter(group=group).values_list("student_id", flat=True))


def test_of_a_large_group_those_not_shown_stay(office, school, pupils, choir):
    path = f"/groups/{choir.pk}/edit/"
    rows, hidden = drawn(office.get(path), "students")
    chosen = [value for value, is_chosen in rows.items() if is_chosen]
    assert sorted(hidden["students-shown"]) == sorted(
        value for value in rows if value in {str(pupil.pk) for pupil in pupils[:70]}
    )
    sent = {
        "name": "Chorale",
        "students-searched": "1",
        "students-shown": hidden["students-shown"],
        "students": [*chosen[1:], str(pupils[75].pk)],
        "seen": hidden["seen"],
    }
    assert office.post(path, sent).status_code == 302
    kept = {str(pk) for pk in members(school, choir)}
    assert kept == {str(pupil.pk) for pupil in [*pupils[:70], pupils[75]]} - {chosen[0]}


def test_who_was_unticked_before_a_search_is_not_put_back(office, school, pupils, choir):
    path = f"/groups/{choir.pk}/edit/"
    rows, hidden = drawn(office.get(path), "students")
    chosen = [value for value, is_chosen in rows.items() if is_chosen]
    sent = {
        "name": "Chorale",
        "students-searched": "1",
        "students-shown": hidden["students-shown"],
        "students": chosen[5:],
        "seen": hidden["seen"],
    }
    again = office.post(path, sent | {"find": "students", "find-students": "elan75"})
    assert again.status_code == 200
    rows, hidden = drawn(again, "students")
    assert {value for value, is_chosen in rows.items() if not is_chosen} == {
        *chosen[:5],
        str(pupils[75].pk),
    }
    sent |= {
        "students-shown": hidden["students-shown"],
        "students": [value for value, is_chosen in rows.items() if is_chosen],
    }
    assert office.post(path, sent).status_code == 302
    assert {str(pk) for pk in members(school, choir)} == {str(p.pk) for p in pupils[:70]} - {*chosen[:5]}


def test_an_export_is_searched_among_pupils_and_classes(office, pupils):
    rows, _hidden = drawn(office.get("/exports/", {"find-what": "elan79"}), "what")
    assert list(rows) == [f"student:{pupils[79].pk}"]
    assert office.post("/exports/", {"what": f"student:{pupils[79].pk}"}).status_code == 302
