"""The one statement that erases: written once, filled in for each, and never hiding an id it could not fill
in.
"""

from dataclasses import replace
from uuid import uuid4

from django.db import connection

from classrooms.models import Observation, Student
from contracts.registry import CASCADE, declaration_of
from dpa.gateways import rows
from dpa.queries.data_inventory import concerned
from dpa.queries.named_texts import texts_that_say
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
        return asked.filter(
            pk__in=list(Student.objects.filter(pk__in=ids).values_list("pk", flat=True)), level__in=ids
        )

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


def test_a_text_is_found_in_any_spelling_and_a_short_name_as_a_word(world):
    texts = (
        ("elsewhere", "COMME ZÉPHY\u00adRINE L’A MONTRÉ"),
        ("alone", "Jean–Paul, de l’année"),
        ("both", "il y a un An"),
    )
    for name, text in texts:
        Observation.objects.filter(pk=getattr(world, name).pk).update(text=text)

    def said(*names):
        return {key for _model, _field, key in texts_that_say(names, [(Observation, "text")])}

    assert said("zephyrine") == {world.elsewhere.pk}
    assert said("jeanpaul", "zephyrine") == {world.elsewhere.pk, world.alone.pk}
    assert said("an") == {world.both.pk}
    assert said("an", "jeanpaul") == {world.both.pk, world.alone.pk}
    assert said("montre") == {world.elsewhere.pk}
    assert said() == set()


def test_names_in_many_texts_are_found_by_their_index(world):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM classrooms_observation "
            "WHERE public.name_letters(text) LIKE ANY(ARRAY['%%zephyrine%%', '%%jeanpaul%%'])",
            [],
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "classrooms_obs_names" in plan
