"""LG-DBs: of a school's pupils only what the annex lists is kept.

The rest of the file is dropped and said.
"""

from hypothesis import given
from hypothesis import strategies as st

from classrooms.policy.annex import student_columns
from classrooms.policy.onde import FIELDS

SCHOOL = frozenset(
    {"first_name", "last_name", "birth_on", "handedness", "class", "group", "results", "progress"}
)


def test_a_school_keeps_names_birth_date_and_class():
    columns = student_columns(FIELDS, fields=FIELDS, allowed=SCHOOL)
    assert set(columns.kept.values()) == {
        "last_name",
        "preferred_last_name",
        "first_name",
        "birth_on",
        "class_name",
        "class_code",
    }


def test_never_the_national_number_the_sex_or_an_address():
    columns = student_columns(
        FIELDS, fields=FIELDS, allowed=frozenset({*SCHOOL, "level", "ine", "address", "sex"})
    )
    assert {"INE", "Sexe", "Adresse1", "Cp1", "Commune1", "Adresse2", "Autorisation photo"} <= set(
        columns.dropped
    )


@given(
    allowed=st.frozensets(st.sampled_from(sorted({*SCHOOL, "level"}))),
    extra=st.lists(st.text(min_size=1), max_size=3),
)
def test_each_column_is_kept_dropped_or_ignored(allowed, extra):
    header = [*FIELDS, *(name for name in extra if name not in FIELDS)]
    columns = student_columns(header, fields=FIELDS, allowed=allowed)
    assert sorted([*columns.kept, *columns.dropped, *columns.ignored]) == sorted(set(header))
    assert ("Niveau" in columns.kept) == ("level" in allowed)
