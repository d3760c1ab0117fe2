"""script/test --quick: a first answer in two minutes: static checks, rules, and the clauses the change
touches.
"""

import ast
import re
import subprocess
from pathlib import Path

from ground import Ground

ALWAYS = ("tests/rules", "tests/contracts/test_clause_map.py", "tests/contracts/test_call_graph.py")


def touched(ground: Ground) -> list[str]:
    """Return the files that differ from the branch this one leaves, committed or not."""
    base = _git(ground, "merge-base", "HEAD", "origin/main") or _git(ground, "rev-parse", "HEAD~1")
    changed = _git(ground, "diff", "--name-only", "--diff-filter=AMR", base or "HEAD").splitlines()
    return [*changed, *_git(ground, "ls-files", "--others", "--exclude-standard").splitlines()]


def tests_for(ground: Ground) -> list[str]:
    """Return the test files of a first answer: the rules, what changed in tests, and the clauses touched."""
    files = [name for name in touched(ground) if name.endswith(".py")]
    clauses = {
        clause for name in files if name.startswith("src/") for clause in _kept_in(ground.checkout / name)
    }
    own = [name for name in files if re.fullmatch(r"tests/(?!browser/|kill/).*/?test_\w+\.py", name)]
    proofs = sorted((ground.checkout / "tests" / "clauses").glob("test_*.py"))
    of_clauses = [f"tests/clauses/{path.name}" for path in proofs if _is_of(path.name, clauses)]
    return list(dict.fromkeys([*ALWAYS, *of_clauses, *own]))


def _is_of(name: str, clauses: set[str]) -> bool:
    stems = (f"test_{re.sub(r'[^a-z0-9]+', '_', clause.lower())}_" for clause in clauses)
    return any(name.startswith(stem) for stem in stems)


def _kept_in(path: Path) -> set[str]:
    """Return the clauses that functions of a file are marked with."""
    if not path.is_file():
        return set()
    calls = (
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    )
    marks = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "keeps")
    return {str(word.value) for mark in marks for word in mark.args if isinstance(word, ast.Constant)}


def _git(ground: Ground, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ground.checkout, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""
