"""What a long run of the machines leaves behind: what each of them played, for the report."""

import json
import os
from pathlib import Path

import pytest

from tests.oracle import playing

MINUTES = "PREAU_ORACLE_MINUTES"  # of playing, of all machines together
REPORT = "PREAU_ORACLE_REPORT"  # the folder for what was played, a file a process


LIGHT_FIRST = ("licences", "erasure", "sharing", "contract")  # what these spare, the slow ones play


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a long run let the machines whose acts are fast play first."""
    if MINUTES in os.environ:
        items.sort(key=lambda item: LIGHT_FIRST.index(_machines_of(item)) if _machines_of(item) else -1)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Share the time of a long run among the machines."""
    machines = [item for item in session.items if _machines_of(item)]
    if MINUTES in os.environ and machines:
        seconds = float(os.environ[MINUTES]) * 60 / len(machines)
        os.environ[playing.SECONDS] = str(seconds)


def _machines_of(item: pytest.Item) -> str:
    """Return what the machine of a test plays, nothing where it plays none."""
    name = item.path.stem.removeprefix("test_")
    return name if name in LIGHT_FIRST else ""


def pytest_sessionfinish() -> None:
    """Write down what was played."""
    if REPORT in os.environ:
        rows = {name: vars(done) for name, done in playing.played.items()}
        path = Path(os.environ[REPORT]) / f"{os.environ.get('PYTEST_XDIST_WORKER', 'one')}.json"
        path.write_text(json.dumps(rows))
