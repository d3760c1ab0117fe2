"""What an import would do, decided without a database."""

from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.guardians import Child, GuardianRow
from classrooms.policy.matching import Known
from classrooms.policy.onde import StudentRow
from classrooms.policy.plan import NEW, plan_import

BORN = date(2018, 2, 3)


def known(last="Béraud", first="Élan", birth_on=BORN, **more) -> Known:
    return Known(uuid4(), last, first, birth_on, **more)


def row(line=2, last="Béraud", first="Élan", birth_on=BORN, **more) -> StudentRow:
    return StudentRow(line, last, first, birth_on, **more)


def test_a_pupil_is_recognised_whatever_the_accents_and_the_change_is_told_old_to_new():
    pupil = known(last="BERAUD", level="CP", class_name="CP B")
    plan = plan_import([row(level="CE1", class_name="CE1 A")], [pupil])
    assert not (plan.created)
    assert not (plan.unchanged)
    assert not (plan.missing)
    assert not (plan.refused)
    (found,) = plan.changed
    assert [(c.field, c.old, c.new) for c in found.changes] == [
        ("last_name", "BERAUD", "Béraud"),
        ("level", "CP", "CE1"),
        ("class_name", "CP B", "CE1 A"),
    ]


def test_a_column_that_is_not_in_the_file_changes_nothing():
    assert (
        len(
            plan_import([row()], [known(level="CP", class_name="CP B", preferred_last_name="Roux")]).unchanged
        )
        == 1
    )


def test_the_used_name_recognises_too():
    plan = plan_import([row(last="Roux", preferred_last_name="Béraud")], [known()])
    assert [c.field for c in plan.changed[0].changes] == ["last_name", "preferred_last_name"]


def test_two_pupils_of_one_name_and_day_are_a_choice_to_make():
    one = known()
    other = known(last="Bèraud")
    plan = plan_import([row(last="BERAUD")], [one, other])
    assert [(r.line, r.column, r.reason) for r in plan.refused] == [(2, "Nom élève", "several_pupils")]
    assert {c.id for c in plan.ambiguous[0].candidates} == {one.id, other.id}
    assert not plan.missing
    chosen = plan_import([row(last="BERAUD")], [one, other], choices={2: other.id})
    assert [found.known.id for found in (*chosen.changed, *chosen.unchanged)] == [other.id]
    assert [pupil.id for pupil in chosen.missing] == [one.id]
    assert len(plan_import([row(last="BERAUD")], [one, other], choices={2: NEW}).created) == 1


def test_of_two_pupils_of_one_name_and_day_the_one_spelled_so_is_meant():
    one = known()
    other = known(last="Beraud")
    plan = plan_import([row(last=one.last_name.upper())], [one, other])
    assert [found.known.id for found in (*plan.changed, *plan.unchanged)] == [one.id]
    assert not plan.refused


def test_the_second_line_about_a_pupil_is_refused_and_names_the_first():
    plan = plan_import([row(2), row(7, last="BERAUD", first="elan")], [])
    assert len(plan.created) == 1
    assert [(r.line, r.reason, r.facts["other"]) for r in plan.refused] == [(7, "twice_in_file", 2)]


def test_twins_are_two_pupils():
    assert len(plan_import([row(2, first="Noé"), row(3, first="Zoé")], []).created) == 2


def test_a_namesake_born_another_day_is_created_and_pointed_at():
    pupil = known(birth_on=date(2018, 2, 4))
    plan = plan_import([row()], [pupil])
    assert plan.created[0].alike == (pupil,)
    assert plan.missing == (pupil,)
    corrected = plan_import([row()], [pupil], choices={2: pupil.id})
    assert [c.field for c in corrected.changed[0].changes] == ["birth_on"]


def test_a_pupil_who_left_comes_back_and_takes_a_licence_again():
    gone = known(left_on=date(2026, 7, 4))
    assert plan_import([], [gone]).missing == ()
    plan = plan_import([row()], [gone])
    assert [(c.field, c.old, c.new) for c in plan.changed[0].changes] == [("left_on", date(2026, 7, 4), "")]
    assert plan.adding == 1


def test_a_pupil_who_is_being_deleted_is_neither_made_again_nor_missing():
    plan = plan_import([row()], [known(is_going=True)])
    assert [r.reason for r in plan.refused] == ["being_deleted"]
    assert not (plan.created)
    assert not (plan.missing)


def test_guardians_are_linked_by_the_childs_names_and_class():
    rows = [
        row(2, first="Noé", class_name="CE1 A"),
        row(3, first="Noé", birth_on=date(2020, 1, 1), class_name="MS"),
    ]
    adults = [
        GuardianRow(2, "a@example.org", (Child("Béraud", "", "Noé", "CE1 A"),)),
        GuardianRow(3, "b@example.org", (Child("Béraud", "", "Noé", ""), Child("Inconnu", "", "Noé", ""))),
    ]
    plan = plan_import(rows, [], guardians=adults)
    assert [sorted(c.emails) for c in plan.created] == [["a@example.org"], []]
    assert [(r.line, r.column, r.reason) for r in plan.refused] == [
        (3, "Prénom enfant", "several_children"),
        (3, "Prénom enfant", "unknown_child"),
    ]


def test_a_new_guardian_alone_is_a_change_and_a_known_one_is_none():
    adults = [GuardianRow(2, "a@example.org", (Child("Béraud", "", "Élan", ""),))]
    assert plan_import([row()], [known()], guardians=adults).changed[0].emails == {"a@example.org"}
    assert plan_import([row()], [known(emails=frozenset({"a@example.org"}))], guardians=adults).unchanged


names = st.sampled_from(["Béraud", "beraud", "Calvet", "Ferrand", "Le Gall", "LE GALL"])
firsts = st.sampled_from(["Élan", "Elan", "Noé", "Zoé", "Malo"])
days = st.dates(date(2018, 1, 1), date(2018, 1, 3))
pupils = st.lists(st.tuples(names, firsts, days), max_size=12)


@given(present=pupils, incoming=pupils)
def test_every_row_is_in_exactly_one_part_and_nobody_is_taken_twice(present, incoming):
    school = [known(*pupil) for pupil in present]
    rows = [row(line, *pupil) for line, pupil in enumerate(incoming, 2)]
    plan = plan_import(rows, school)
    placed = [c.row.line for c in (*plan.created, *plan.changed, *plan.unchanged)] + [
        r.line for r in plan.refused
    ]
    assert sorted(placed) == [r.line for r in rows]
    taken = [found.known.id for found in (*plan.changed, *plan.unchanged)]
    assert len(set(taken)) == len(taken)
    assert not set(taken) & {pupil.id for pupil in plan.missing}


@given(incoming=pupils)
def test_the_same_file_twice_changes_nothing(incoming):
    rows = [row(line, *pupil) for line, pupil in enumerate(incoming, 2)]
    first = plan_import(rows, [])
    school = [
        Known(UUID(int=c.row.line), c.row.last_name, c.row.first_name, c.row.birth_on) for c in first.created
    ]
    again = plan_import(rows, school)
    assert (again.created, again.changed, again.missing) == ((), (), ())
    assert again.fingerprint() == plan_import(rows, school).fingerprint()
