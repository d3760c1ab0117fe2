"""What a long run of the machines leaves behind: what each of them played, for the report."""

import json
import os
from pathlib import Path

import pytest

from tests.oracle import playing

MINUTES = "PREAU_ORACLE_MINUTES"  # of playing, of all machines together
REPORT = "PREAU_ORACLE_REPORT"  # the folder for what was played, a file a process


def pytest_collection_finish(session: pytest.Session) -> None:
    """Share the time of a long run among the machines."""
    if MINUTES in os.environ and session.items:
        seconds = float(os.environ[MINUTES]) * 60 / len(session.items)
        os.environ[playing.SECONDS] = str(seconds)


def pytest_sessionfinish() -> None:
    """Write down what was played."""
    if REPORT in os.environ:
        rows = {name: vars(done) for name, done in playing.played.items()}
        path = Path(os.environ[REPORT]) / f"{os.environ.get('PYTEST_XDIST_WORKER', 'one')}.json"
        path.write_text(json.dumps(rows))
