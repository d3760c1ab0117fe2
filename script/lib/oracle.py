"""script/test --oracle: play the state machines for longer, and say what they played."""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ground import Ground, Stop, say

USAGE = (
    "Usage: script/test --oracle MINUTES [FILE …] [-n PROCESSES] [--seed NUMBER]\n"
    "MINUTES: how long the machines play, all of them together. FILE: of tests/oracle; nothing: all."
)
ENOUGH = 50  # how often each act has to be drawn in a long run


@dataclass(frozen=True)
class Asked:
    """How long to play, from which seed, by how many processes, and which machines (none: all)."""

    minutes: float
    seed: int
    processes: int = 1
    files: tuple[str, ...] = ()


def asked(words: list[str]) -> Asked:
    """Return what the words after --oracle ask for. Raises Stop with the usage."""
    lists: dict[str, list[str]] = {"": [], "-n": [], "--seed": []}
    to = ""
    for word in words:
        if word in lists:
            to = word
        elif word.startswith("-"):
            raise Stop(USAGE)
        else:
            lists[to].append(word)
            to = ""
    minutes, *files = lists[""] or [""]
    numbers = [*lists["-n"][-1:], *lists["--seed"][-1:]]
    if not all(each.isdigit() for each in [minutes.replace(".", "", 1), *numbers]) or not float(minutes):
        raise Stop(USAGE)
    seed = int(lists["--seed"][-1]) if lists["--seed"] else random.SystemRandom().randrange(10**9)
    return Asked(float(minutes), seed, max(1, int((lists["-n"] or ["1"])[-1])), tuple(files))


def run(ground: Ground, environment: dict[str, str], words: list[str]) -> int:
    """Play, and say what was played; return 0 when nothing failed and each act was drawn often enough."""
    wanted = asked(words)
    say(f"Seed {wanted.seed}: the same again with --seed {wanted.seed}.")
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "PREAU_ORACLE_MINUTES": str(wanted.minutes * wanted.processes),
            "PREAU_ORACLE_SEED": str(wanted.seed),
            "PREAU_ORACLE_REPORT": folder,
        }
        options = [
            "-q",
            "-p",
            "no:randomly",
            "--timeout=0",
            *(["-n", str(wanted.processes)] if wanted.processes > 1 else []),
        ]
        done = subprocess.run(
            [ground.python, "-m", "pytest", *options, *(wanted.files or ["tests/oracle"])],
            cwd=ground.checkout,
            env=environment | given,
            stdin=subprocess.DEVNULL,
            stdout=sys.stdout,
            stderr=sys.stderr,
        )
        rows = merged(json.loads(path.read_text()) for path in sorted(Path(folder).glob("*.json")))
    say(summary(rows))
    return 1 if done.returncode or not rows or rare(rows) else 0


def merged(files: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return what was played by machine, over all processes."""
    together: dict[str, Any] = {}
    for rows in files:
        for name, row in rows.items():
            known = together.setdefault(
                name, {"acts": Counter(), "kinds": Counter(), "examples": 0, "failures": 0}
            )
            for key in ("acts", "kinds"):
                known[key].update(row[key])  # acts that were never drawn stand there too
            for key in ("examples", "failures"):
                known[key] += row[key]
    return together


def rare(rows: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return the acts that were drawn too rarely: of which machine, which, how often."""
    return [
        (name, act, count)
        for name, row in sorted(rows.items())
        for act, count in sorted(row["acts"].items())
        if count < ENOUGH
    ]


def summary(rows: dict[str, Any]) -> str:
    """Return the examples and steps of each machine, how often each act was drawn, and which too rarely."""
    examples = sum(row["examples"] for row in rows.values())
    steps = sum(sum(row["acts"].values()) for row in rows.values())
    lines = [f"{len(rows)} machines, {examples} examples, {steps} steps."]
    for name, row in sorted(rows.items()):
        failed = f", failed {row['failures']} times" if row["failures"] else ""
        lines.append(f"{name}: {row['examples']} examples, {sum(row['acts'].values())} steps{failed}")
        for act, count in sorted(row["acts"].items()):
            lines.append(f"  {count:>6}  {act}")
            kinds = [
                (kind, often) for kind, often in sorted(row["kinds"].items()) if kind.startswith(f"{act}: ")
            ]
            lines += [f"  {often:>6}    {kind.partition(': ')[2]}" for kind, often in kinds]
    few = rare(rows)
    if not rows:
        return "Nothing was played."
    lines.append(
        f"Each act was drawn at least {ENOUGH} times." if not few else f"Drawn less than {ENOUGH} times:"
    )
    return "\n".join([*lines, *(f"  {name}: {act}: {count}" for name, act, count in few)])
