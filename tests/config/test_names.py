"""What has a better name is never defined again under its former one, and what a docstring names is there."""

import ast
import builtins
import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORMER = Path(__file__).with_name("former_names.csv")  # "url x" is the name of an address
TREES = {
    path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "src").rglob("*.py"))
    if "migrations" not in path.parts
}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
RAISES = re.compile(r"\b[Rr]aises? ((?:[A-Z]\w+(?:\.\w+)*(?:, | or |, or | and )?)+)")


def _definitions():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, DEFINITIONS):
                yield node, f"{path}:{node.lineno}"


def _former():
    with FORMER.open(encoding="utf-8", newline="") as file:
        return {row["former"]: row["now"] for row in csv.DictReader(file)}


def _addresses():
    """Yield the name of each address of our apps, and where it is named."""
    for path, tree in TREES.items():
        if path.name != "urls.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "name" and isinstance(node.value, ast.Constant):
                yield node.value.value, f"{path}:{node.value.lineno}"


def _raised(text):
    """Return the names of the exceptions that a docstring says are raised."""
    return {name.split(".")[0] for told in RAISES.findall(text) for name in re.findall(r"[A-Z]\w+", told)}


def test_no_former_name_is_defined_again():
    former = _former()
    found = {
        f"{where}: {node.name} is called {former[node.name]}"
        for node, where in _definitions()
        if node.name in former
    }
    assert not found


def test_no_address_takes_a_former_name_again():
    former = _former()
    named = list(_addresses())
    assert len(named) > 300
    taken = {
        f"{where}: {name} is called {former[f'url {name}']}"
        for name, where in named
        if f"url {name}" in former
    }
    assert not taken


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Return it. Raises NotFree or TooLate.", {"NotFree", "TooLate"}),
        ("Return it; raise BadNumber, also when…", {"BadNumber"}),
        ("A raised bed. Raises Tenant.DoesNotExist.", {"Tenant", "DoesNotExist"}),
        ("It raises the reason.", set()),
    ],
)
def test_what_a_docstring_raises_is_read(text, names):
    assert _raised(text) == names


def test_what_a_docstring_says_is_raised_exists():
    nodes = [node for tree in TREES.values() for node in ast.walk(tree)]
    imported = {
        each.asname or each.name.rpartition(".")[2]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }
    known = {node.name for node in nodes if isinstance(node, ast.ClassDef)} | imported | set(dir(builtins))
    missing = {
        f"{where} {name}"
        for node, where in _definitions()
        for name in _raised(ast.get_docstring(node) or "") - known - {"DoesNotExist"}
    }
    assert not missing
