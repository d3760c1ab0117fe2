"""LG-DCp: a PDF per person and every table, in one archive built step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.policy.contents import LeftOut, steps

names = st.lists(st.text("abcdef", min_size=1, max_size=4), max_size=12)


def test_a_school_of_two_pupils_and_two_tables():
    assert steps(people=["a", "b"], tables=["pupils", "results"], held={"pupils", "results"}, whole=True) == [
        "person:a",
        "person:b",
        "table:pupils",
        "table:results",
        "note",
    ]


def test_a_whole_export_that_would_leave_a_table_out_is_refused():
    with pytest.raises(LeftOut, match="results"):
        steps(people=["a"], tables=["pupils"], held={"pupils", "results"}, whole=True)


def test_a_guardians_export_holds_only_what_is_shared():
    assert steps(people=["a"], tables=[], held={"pupils"}, whole=False) == ["person:a", "note"]


@given(people=names, tables=names.map(lambda found: list(dict.fromkeys(found))), reached=st.integers(0, 30))
def test_an_interrupted_build_goes_on_where_it_was_and_does_nothing_twice(people, tables, reached):
    planned = steps(people=people, tables=tables, held=tables, whole=True)
    again = steps(people=people, tables=tables, held=tables, whole=True)
    assert planned == again
    assert len(set(planned)) == len(planned)
    assert planned[:reached] + again[reached:] == planned
