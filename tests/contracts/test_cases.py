"""The contract's own figures: what a rule answers, computed again on the page of its clause."""

import re

import pytest

from contracts.policy.cases import Case, all_cases, case, cases_of
from contracts.policy.clauses import marked
from contracts.queries import clause_rows, read_all

read_all()
CASES = all_cases()


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.clause}: {one.told[:60]}")
def test_the_rule_answers_what_the_contract_says(one: Case):
    assert one.answer() == one.gives


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.clause}: {one.told[:60]}")
def test_a_case_is_told_in_both_languages_and_of_a_rule_that_is_marked(one: Case):
    assert one.told != one.told_fr
    assert not re.search(r"'| [:;?!%€]", one.told_fr)
    assert one.clause in marked()


def test_the_clauses_strangers_look_for_have_their_figures():
    assert {"LG-S6.3p", "LG-S14.2a", "LG-U4", "MC-11", "LG-DBr"} <= {one.clause for one in CASES}
    assert {one.clause for one in CASES} <= {row.id for row in clause_rows()}


def test_an_unknown_unit_is_a_mistake():
    with pytest.raises(ValueError, match="no case is counted in"):
        case("LG-S7", "A", "B", lambda: 1, 1, "parsecs")
    assert all(one.unit != "parsecs" for one in cases_of("LG-S7"))
