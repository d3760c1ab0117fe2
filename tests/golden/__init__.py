"""Worked examples and facts, checked by hand and against public sources; tests read the same rows."""

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the files next to this one."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def lines(name: str) -> list[str]:
    """Return the lines of a list next to this file."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
