"""The one statement that erases: written once, filled in for each, and never hiding an id it could not fill in."""

from dataclasses import replace
from uuid import uuid4

from classrooms.models import Student
from contracts.registry import CASCADE, declaration_of
from dpa.gateways import rows
from dpa.queries.holdings import concerned
from dpa.queries.subjects import subjects_of


def cascades(subjects):
    return [one for one in concerned(subjects) if one.erase is CASCADE]


def test_a_pupils_statement_is_written_once_and_holds_the_real_ids(world):
    subjects = subjects_of([world.pupil.pk])
    found = cascades(subjects)
    first = rows._statement(found, subjects.ids)
    assert first.is_lasting
    assert rows._statement(found, subjects.ids) == first
    other = rows._statement(found, [world.other.pk])
    assert other.text == first.text
    assert str(world.pupil.pk) not in str(other.params)
    assert str(other.params).count(str(world.other.pk)) == str(first.params).count(str(world.pupil.pk)) > 10


def test_what_is_looked_up_first_is_written_each_time(world):
    def known_before(asked, ids):
        return asked.filter(pk__in=list(Student.objects.filter(pk__in=ids).values_list("pk", flat=True)), level__in=ids)

    declared = replace(declaration_of(Student), person=known_before)
    statement = rows._statement([replace(declared, model=Student)], [world.pupil.pk])
    rows._STATEMENTS.clear()
    assert not statement.is_lasting
    assert str(world.pupil.pk) in str(statement.params)


def test_an_id_in_another_form_is_never_taken_for_filled_in():
    one = uuid4()
    assert rows._can_be_filled([one, [one]], {one})
    assert not rows._can_be_filled([str(one), one], {one})
    assert not rows._can_be_filled(["a", 1], {one})
    assert not rows._can_be_filled([object(), one], {one})


def test_nothing_goes_for_nobody(in_school):
    assert rows.delete_together([], [uuid4()]) == []
    found = cascades(subjects_of([uuid4()]))
    assert [gone.count for gone in rows.delete_together(found, [])] == [0] * len(found)
