"""script/test --mutate: say which wrong rules and open guards no test notices."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ground import Ground, Stop, say

USAGE = (
    "Usage: script/test --mutate [WHAT …] [-n PROCESSES] [--since REVISION] [--tests FILE …]\n"
    "WHAT: a clause, a dotted name, a file, functions, guards, policies, permissions, scopes, tokens, known "
    "(those that once lived), changed (what differs from REVISION, origin/main by default). Nothing: all."
)


@dataclass(frozen=True)
class Asked:
    """What to mutate, by how many processes, since when it changed, and which tests to ask (none: found)."""

    what: tuple[str, ...]
    processes: int = 1
    since: str = "origin/main"
    tests: tuple[str, ...] = ()


def asked(words: list[str]) -> Asked:
    """Return what the words after --mutate ask for. Raises Stop with the usage."""
    lists: dict[str, list[str]] = {"what": [], "-n": [], "--since": [], "--tests": []}
    to = "what"
    for word in words:
        if word in lists:
            to = word
        elif word.startswith("-"):
            raise Stop(USAGE)
        else:
            lists[to].append(word)
            to = to if to in {"what", "--tests"} else "what"
    number = (lists["-n"] or ["1"])[-1]
    if not number.isdigit() or not int(number):
        raise Stop(USAGE)
    since = (lists["--since"] or ["origin/main"])[-1]
    return Asked(tuple(lists["what"]), int(number), since, tuple(lists["--tests"]))


def run(ground: Ground, environment: dict[str, str], words: list[str]) -> int:
    """Try the mutants and say which survive; return 0 when none does."""
    wanted = asked(words)
    changed = changed_files(ground.checkout, wanted.since) if "changed" in wanted.what else []
    if "changed" in wanted.what and not any(path.startswith("src/") for path in changed):
        say(f"Nothing under src/ differs from {wanted.since}.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        outs = [Path(folder) / f"{number}.json" for number in range(wanted.processes)]
        with ThreadPoolExecutor(wanted.processes) as pool:
            codes = list(
                pool.map(
                    lambda number: _process(ground, environment, wanted, changed, number, outs[number]),
                    range(wanted.processes),
                )
            )
        results = [each for out in outs if out.exists() for each in json.loads(out.read_text())]
    if wanted.processes > 1:
        say(summary(results))
    return 1 if any(codes) or any(each["outcome"] != "killed" for each in results) else 0


def _process(
    ground: Ground,
    environment: dict[str, str],
    wanted: Asked,
    changed: list[str],
    number: int,
    out: Path,
) -> int:
    told = {
        "what": list(wanted.what),
        "changed": changed,
        "tests": list(wanted.tests),
        "share": [number, wanted.processes],
        "out": str(out),
    }
    options = ["-p", "tests.mutation.plugin", "--mutate", json.dumps(told), "-q", "--no-summary", "tests"]
    done = subprocess.run(
        [ground.python, "-m", "pytest", *options],
        cwd=ground.checkout,
        env=environment | {"PREAU_TEST_DB": f"preau_mutate_{number}"},
        stdin=subprocess.DEVNULL,
        stdout=sys.stdout,
        stderr=sys.stderr,
    )
    return done.returncode


def changed_files(checkout: Path, since: str) -> list[str]:
    """Return the files that differ from where this work left `since`, new ones too."""
    base = _git(checkout, "merge-base", since, "HEAD").strip() or "HEAD"
    new = _git(checkout, "ls-files", "--others", "--exclude-standard")
    return [*_git(checkout, "diff", "--name-only", base).split(), *new.split()]


def _git(checkout: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=checkout, env=os.environ, capture_output=True, text=True)
    return done.stdout


def summary(results: list[dict[str, str]]) -> str:
    """Return how many were tried and which survived, a line each."""
    left = [each for each in results if each["outcome"] != "killed"]
    lines = [f"{len(results)} mutants, {len(results) - len(left)} killed, {len(left)} survive."]
    lines += [f"  {each['kind']}: {each['target']}: {each['variant']} – {each['by']}" for each in left]
    return "\n".join(lines)
