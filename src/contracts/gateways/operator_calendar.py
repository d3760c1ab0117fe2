"""The door to the operator's own closed days, a dated file.

`OPERATOR_CALENDAR` in the settings may name another.
"""

import tomllib
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from contracts.policy.calendar import days_of

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "operator_calendar.toml"


class BadCalendar(ValueError):
    """Raised on a calendar file that can't be read."""


def operator_closures() -> frozenset[date]:
    """Return the operator's bridge days and days of announced leave."""
    return closures_in(Path(getattr(settings, "OPERATOR_CALENDAR", SHIPPED)))


@lru_cache(maxsize=4)
def closures_in(path: Path) -> frozenset[date]:
    """Return the closed days written in a file.

    Raise BadCalendar when one isn't a day or a period ends early.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        if unknown := set(tables) - {"bridge", "leave"}:
            raise BadCalendar(f"{path.name}: unknown table {sorted(unknown)[0]!r}")
        bridges = [(row["day"], row["day"]) for row in tables.get("bridge", [])]
        periods = bridges + [(row["from"], row["to"]) for row in tables.get("leave", [])]
        if early := [starts for starts, ends in periods if ends < starts]:
            raise BadCalendar(f"{path.name}: the leave from {early[0]} ends before it starts")
        return days_of((starts, ends + timedelta(days=1)) for starts, ends in periods)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as broken:
        raise BadCalendar(f"{path.name}: {broken}") from None
