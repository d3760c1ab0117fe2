"""Which mutants there are, which a word means, and what is asked of whom."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from billing.collections.policy.suspension import misuse_suspends
from dpa.views.erasures import Undo
from people.policy.permissions import ANYONE, CONTACT, OPERATOR_KEYS, SIGNED_IN, TENANT_KEYS
from tests.mutation.mutants import GUARDS, chosen, everything, file_of, files_for, test_files, weaker
from tests.mutation.plugin import is_known, known

sys.path.append(str(Path(__file__).parents[2] / "script" / "lib"))
from ground import Stop
from mutate import Asked, asked, changed_files, summary

test_files.__test__ = False  # it is named for what it returns


@cache
def all_of_them():
    return tuple(everything())


@pytest.mark.parametrize("entry", known(), ids=lambda entry: entry["about"])
def test_what_once_lived_is_still_tried(entry):
    """Moved or renamed, a mutant of known.toml isn't lost, and the tests beside it are there."""
    found = [each for each in all_of_them() if is_known(each, entry)]
    assert all(any(part in each.variant for each in found) for part in entry["variants"])
    there = {path.rpartition("/")[2] for path in test_files()}
    assert set(entry["tests"]) <= there


def test_each_guard_has_its_mutants():
    kinds = {each.kind for each in all_of_them()}
    assert kinds == {"functions", *GUARDS}


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("MC-7", "billing.collections.policy.suspension.misuse_suspends"),
        ("misuse_suspends", "billing.collections.policy.suspension.misuse_suspends"),
        ("dpa.views.erasures", "dpa.views.erasures.Undo"),
        ("src/dpa/views/erasures.py", "dpa.views.erasures.Undo"),
        ("policies", "billing.Invoice"),
        ("guards", "billing.Invoice"),
    ],
)
def test_a_word_means_a_clause_a_name_a_file_or_a_kind(word, means):
    stem = means.rpartition(".")[2]
    found = {each.target for each in chosen(all_of_them(), [word], set())}
    assert any(target.endswith(stem) for target in found)
    assert len(found) < len({each.target for each in all_of_them()})


def test_what_changed_is_what_lies_in_the_changed_files():
    found = chosen(all_of_them(), ["changed"], {file_of(_one("misuse_suspends"))})
    assert {each.target.rpartition(".")[2] for each in found} >= {"misuse_suspends", "is_lifted"}
    assert chosen(all_of_them(), ["changed"], {"README.md"}) == []


def _one(name):
    return next(each for each in all_of_them() if each.target.endswith(f".{name}"))


def test_the_files_of_a_clause_are_asked():
    assert "tests/clauses/test_mc_7_misuse.py" in files_for(_one("misuse_suspends"))


@pytest.mark.parametrize("permission", sorted(TENANT_KEYS | OPERATOR_KEYS | {SIGNED_IN, CONTACT}))
def test_every_right_has_a_weaker_one(permission):
    assert weaker(permission)
    assert permission not in weaker(permission)


def test_weaker_is_reading_the_same_then_being_signed_in_then_being_anybody():
    assert weaker("erasures.write") == ["privacy.read", SIGNED_IN]
    assert weaker(SIGNED_IN) == [ANYONE]


def test_a_permission_comes_back():
    lowered = next(each for each in all_of_them() if each.target == "dpa.views.erasures.Undo")
    with lowered.install():
        assert Undo.permission == "privacy.read"
    assert Undo.permission == "erasures.write"


def test_a_call_is_removed_in_the_product_alone():
    from billing.collections.policy import suspension

    removed = [each for each in all_of_them() if each.function is misuse_suspends]
    removed = [each for each in removed if "its call removed" in each.variant]
    assert {"(True)", "(False)"} <= {each.variant.rpartition(" ")[2] for each in removed}
    for each in removed:
        with each.install():
            assert suspension.misuse_suspends(told_on=None, today=None) is False


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], Asked(())),
        (["LG-S19"], Asked(("LG-S19",))),
        (["guards", "-n", "2"], Asked(("guards",), 2)),
        (["changed", "--since", "HEAD~3"], Asked(("changed",), since="HEAD~3")),
        (["-n", "2", "scopes"], Asked(("scopes",), 2)),
        (["known", "--tests", "a.py", "b.py"], Asked(("known",), tests=("a.py", "b.py"))),
    ],
)
def test_what_is_asked(words, expected):
    assert asked(words) == expected


@pytest.mark.parametrize("words", [["--all"], ["-n", "two"], ["-n", "0"]])
def test_what_cant_be_asked_is_answered_with_how_to(words):
    with pytest.raises(Stop, match="Usage"):
        asked(words)


def test_what_changed_since(tmp_path):
    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@x.example", *words], cwd=tmp_path, check=True
        )

    git("init", "-q", "-b", "main")
    (tmp_path / "a.py").write_text("1\n")
    git("add", "-A")
    git("commit", "-qm", "One")
    (tmp_path / "a.py").write_text("2\n")
    (tmp_path / "b.py").write_text("2\n")
    assert changed_files(tmp_path, "main") == ["a.py", "b.py"]


def test_survivors_are_listed_a_line_each():
    row = {"kind": "functions", "target": "a.b", "variant": "+ 1", "by": "3 tests pass"}
    said = summary([row | {"outcome": "SURVIVED"}, row | {"outcome": "killed", "variant": "0"}])
    assert said.splitlines() == [
        "2 mutants, 1 killed, 1 survive.",
        "  functions: a.b: + 1 – 3 tests pass",
    ]
