"""LG-DBk: of a parent the e-mail address only, no name field; of a child also the level."""

from classrooms.policy.annex import guardian_columns, student_columns
from classrooms.policy.guardians import ADULT
from classrooms.policy.onde import FIELDS

NURSERY_CHILD = frozenset({"first_name", "last_name", "birth_on", "class", "level", "outputs", "results"})


def test_of_a_parent_the_address_only():
    columns = guardian_columns(ADULT, fields=ADULT, allowed=frozenset({"email"}))
    assert columns.kept == {"Courriel": "email"}
    assert {"Nom responsable", "Prénom responsable", "Nom usage responsable"} <= set(columns.dropped)


def test_no_name_field_even_when_an_annex_lists_one():
    columns = guardian_columns(
        ADULT, fields=ADULT, allowed=frozenset({"email", "first_name", "last_name", "phone"})
    )
    assert columns.kept == {"Courriel": "email"}


def test_without_guardians_in_the_annex_all_their_columns_go():
    columns = guardian_columns(ADULT, fields=ADULT, allowed=frozenset())
    assert not columns.kept
    assert set(columns.dropped) == set(ADULT)


def test_a_childs_level_is_kept():
    assert "Niveau" in student_columns(FIELDS, fields=FIELDS, allowed=NURSERY_CHILD).kept
