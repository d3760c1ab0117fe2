"""The clause map: 115 promises; what keeps and proves them is found, so that no list can lie."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from contracts.policy.clauses import file_stem, functions_in, named_in, proofs_of
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


def test_no_docstring_names_a_promise_that_was_never_made():
    assert unknown_clauses() == []


def test_every_file_in_tests_clauses_proves_a_promise():
    stems = [file_stem(row.id) for row in ROWS]
    files = [path.name for path in (HERE / "clauses").glob("test_*.py")]
    assert [name for name in files if not any(name.startswith(stem) for stem in stems)] == []


def test_the_kept_ones_have_a_function_and_a_test():
    late = next(row for row in ROWS if row.id == "LG-S6.3p")
    assert late.state == "kept"
    assert "billing.policy.late_interest.late_interest" in late.functions
    assert late.tests == ("test_lg_s6_3p_late_interest.py",)


def test_a_docstring_names_one_or_several():
    assert named_in("Return it.\n\n    Clause: LG-S6.3p\n    ") == ("LG-S6.3p",)
    assert named_in("Clauses: LG-S6.3p, QZ-2.2a") == ("LG-S6.3p", "QZ-2.2a")
    assert named_in("See Clause: LG-S6.3p for more") == ()
    assert named_in(None) == ()


def test_functions_methods_and_classes_are_found_by_their_dotted_name():
    source = (
        'class A:\n    """Clause: MC-1"""\n    def b(self):\n        """Clause: '
        'MC-1"""\nasync def c():\n    """Clause: MC-3"""\n'
    )
    assert functions_in(source, "room.policy.x") == {
        "MC-1": ["room.policy.x.A", "room.policy.x.A.b"],
        "MC-3": ["room.policy.x.c"],
    }


def test_a_test_file_is_found_by_the_whole_id():
    assert file_stem("LG-S6.3p") == "test_lg_s6_3p_"
    files = ["test_lg_s5_2c_x.py", "test_lg_s5_2_y.py", "test_lg_s5_2_z.py"]
    assert proofs_of("LG-S5.2", files) == ("test_lg_s5_2_y.py", "test_lg_s5_2_z.py")


@pytest.fixture
def checkout(tmp_path):
    """Return a small checkout: one promise written, kept by one function, and no tests folder."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "src" / "room" / "policy").mkdir(parents=True)
    (tmp_path / "docs" / "clauses.toml").write_text(
        '[[family]]\nprefix = "MC"\ntitle = "Courses"\ntitle_fr = "Cours"\n\n'
        '[[clause]]\nid = "MC-1"\nrule = "One"\nrule_fr = "Un"\n',
        encoding="utf-8",
    )
    (tmp_path / "src" / "room" / "policy" / "x.py").write_text(
        'def f():\n    """Clauses: MC-1, MC-99"""\n', encoding="utf-8"
    )
    return tmp_path


def test_without_the_tests_a_promise_is_planned(checkout):
    [row] = clause_rows(checkout)
    assert (row.function, row.tests, row.state) == ("room.policy.x.f", (), "planned")
    assert not has_tests(checkout)


def test_with_its_test_it_is_kept_and_an_unknown_id_is_seen(checkout):
    (checkout / "tests" / "clauses").mkdir(parents=True)
    (checkout / "tests" / "clauses" / "test_mc_1_courses.py").touch()
    assert [row.state for row in clause_rows(checkout)] == ["kept"]
    assert unknown_clauses(checkout) == ["MC-99"]


def test_the_command_lists_them():
    out = StringIO()
    call_command("clauses", "--json", stdout=out)
    listed = json.loads(out.getvalue())
    assert len(listed) == 115
    assert set(listed[0]) == {"id", "rule", "function", "tests", "state"}
    assert {row["state"] for row in listed} <= {"kept", "planned"}


def test_the_command_in_words():
    out = StringIO()
    call_command("clauses", "--state", "kept", stdout=out)
    lines = out.getvalue().splitlines()
    assert any(line.startswith("LG-S7 ") and "billing.policy.dispatch.dispatch_day" in line for line in lines)
    assert lines[-1].endswith("kept")
