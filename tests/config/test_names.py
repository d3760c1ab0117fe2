"""What has a better name is never defined again under its former one."""

import ast
import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMER = Path(__file__).with_name("former_names.csv")


def _definitions():
    for path in sorted((ROOT / "src").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, f"{path.relative_to(ROOT)}:{node.lineno}"


def _former():
    with FORMER.open(encoding="utf-8", newline="") as file:
        return {row["former"]: row["now"] for row in csv.DictReader(file)}


def test_no_former_name_is_defined_again():
    former = _former()
    found = {f"{where}: {name} is called {former[name]}" for name, where in _definitions() if name in former}
    assert not found


def test_each_new_name_is_defined():
    defined = {name for name, _ in _definitions()}
    wanted = {name for names in _former().values() for name in names.split(" or ")}
    assert wanted <= defined
