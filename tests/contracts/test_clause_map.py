"""The clause map: 115 promises; what keeps and proves them is found, so that no list can lie."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from contracts.policy.clauses import (
    _MARKED,
    PLANNED,
    PROVED,
    RULED,
    STATES,
    clause_map,
    file_stem,
    has_rule_tests,
    keeps,
    proofs_of,
    stories_in,
)
from contracts.queries import clause_rows, families, has_tests, unknown_clauses

HERE = Path(__file__).resolve().parents[1]
ROWS = clause_rows()


def test_all_115_are_written_once_in_both_languages():
    assert len(ROWS) == 115
    assert len({row.id for row in ROWS}) == 115
    assert all(row.rule and row.rule_fr for row in ROWS)
    assert all(any(row.id.startswith(family.prefix) for family in families()) for row in ROWS)


def test_french_is_printed_as_french():
    for row in ROWS:
        assert "'" not in row.rule_fr, row.id
        assert not re.search(
            r"[^\u00a0\u202f] ?[;?!»]|[^\u00a0\d] ?:(?!\d)", row.rule_fr.replace("\u00a0", "\u202f\u00a0")
        ) or (not re.search(r" [:;?!»]|« ", row.rule_fr)), row.id


def test_no_function_is_marked_with_a_promise_that_was_never_made():
    assert unknown_clauses() == []


def test_every_file_in_tests_clauses_proves_a_promise():
    stems = [file_stem(row.id) for row in ROWS]
    files = [path.name for path in (HERE / "clauses").glob("test_*.py")]
    assert [name for name in files if not any(name.startswith(stem) for stem in stems)] == []


def test_what_keeps_a_promise_and_what_shows_it_are_found():
    late = next(row for row in ROWS if row.id == "LG-S6.3p")
    assert late.state in {RULED, PROVED}
    assert "billing.collections.policy.late_interest.late_interest" in late.functions
    assert "test_lg_s6_3p_late_interest.py" in late.tests


def test_a_mark_names_one_clause_or_several_and_leaves_the_function_alone():
    def rule():
        return 7

    assert keeps("LG-S6.3p", "QZ-2.2a")(rule) is rule
    assert rule.__keeps__ == ("LG-S6.3p", "QZ-2.2a")
    for each in ("LG-S6.3p", "QZ-2.2a"):
        _MARKED[each].remove(rule)


@pytest.mark.parametrize("ids", [(), ("",), ("late interest",), ("LG-S6.3p, LG-S6.3c",)])
def test_a_mark_names_nothing_but_clauses(ids):
    with pytest.raises(ValueError, match="name the clauses"):
        keeps(*ids)


STORY = """
import pytest

def test_the_rule(): ...

@pytest.mark.story("MC-1", door="page", fr="Un.")
def test_a_school_pays_in_time(): ...

@pytest.mark.xfail(strict=True, reason="not yet")
@pytest.mark.story("MC-1", "MC-3", door="agenda", fr="Deux.")
def test_another(): ...
"""


EXPECTED_TO_FAIL = '@pytest.mark.xfail(strict=True, reason="not yet")\n'


def test_stories_are_read_from_their_marks():
    first, second = stories_in(STORY, "test_mc_1_courses.py")
    assert (first.ids, first.door, first.told) == (("MC-1",), "page", "A school pays in time.")
    assert (first.told_fr, first.counts) == ("Un.", True)
    assert (second.ids, second.counts) == (("MC-1", "MC-3"), False)
    assert has_rule_tests(STORY)
    assert not has_rule_tests(STORY.replace("def test_the_rule(): ...", ""))


@pytest.mark.parametrize(
    ("functions", "source", "state"),
    [
        ({}, STORY, PLANNED),
        ({"MC-1": ["app.policy.x.f"]}, "", PLANNED),
        ({"MC-1": ["app.policy.x.f"]}, "def test_it(): ...", RULED),
        ({"MC-1": ["app.policy.x.f"]}, STORY, RULED),
        (
            {"MC-1": ["app.policy.x.f"]},
            STORY.replace('@pytest.mark.xfail(strict=True, reason="not yet")\n', ""),
            PROVED,
        ),
    ],
)
def test_the_state_follows_from_what_is_there(functions, source, state):
    clauses = [{"id": "MC-1", "rule": "One", "rule_fr": "Un"}]
    [row] = clause_map(clauses, functions, {"test_mc_1_courses.py": source})
    assert row.state == state


@pytest.mark.parametrize(("mark", "state"), [("MC-1", RULED), ("MC-2", PROVED)])
def test_what_a_random_play_contradicts_is_not_proved(mark, state):
    story = STORY.replace('@pytest.mark.xfail(strict=True, reason="not yet")\n', "")
    oracle = f'''
@pytest.mark.contradicts("{mark}", fr="Pas encore.")
@pytest.mark.xfail(strict=True, reason="x")
def test_it_holds(): ...
'''
    clauses = [{"id": "MC-1", "rule": "One", "rule_fr": "Un"}]
    functions = {"MC-1": ["app.policy.x.f"]}
    [row] = clause_map(clauses, functions, {"test_mc_1_courses.py": story}, oracle={"test_x.py": oracle})
    assert row.state == state
    assert [(each.folder, each.told_fr) for each in row.failing] == (
        [("tests/oracle", "Pas encore.")] if state == RULED else []
    )


def test_a_test_file_is_found_by_the_whole_id():
    assert file_stem("LG-S6.3p") == "test_lg_s6_3p_"
    files = ["test_lg_s5_2c_x.py", "test_lg_s5_2_y.py", "test_lg_s5_2_z.py"]
    assert proofs_of("LG-S5.2", files) == ("test_lg_s5_2_y.py", "test_lg_s5_2_z.py")


def test_an_installation_without_the_tests_proves_nothing(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "clauses.toml").write_text(
        '[[clause]]\nid = "LG-S6.3p"\nrule = "One"\nrule_fr = "Un"\n', encoding="utf-8"
    )
    assert not has_tests(tmp_path)
    assert [row.state for row in clause_rows(tmp_path)] == [PLANNED]


def test_the_command_lists_them():
    out = StringIO()
    call_command("clauses", "--json", stdout=out)
    listed = json.loads(out.getvalue())
    assert len(listed) == 115
    assert {"id", "rule", "functions", "tests", "stories", "state"} <= set(listed[0])
    assert {row["state"] for row in listed} <= set(STATES)


def test_the_command_in_words():
    out = StringIO()
    call_command("clauses", stdout=out)
    lines = out.getvalue().splitlines()
    assert any(
        line.startswith("LG-S7 ") and "billing.catalogue.policy.dispatch.dispatch_day" in line
        for line in lines
    )
    assert lines[-1].endswith("of 115")
