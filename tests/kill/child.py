"""A worker that is killed at a chosen point: `python -m tests.kill.child DATABASE POINT NOW`."""

import os
import signal
import sys
from datetime import datetime
from typing import Any

WRITES = ("INSERT", "UPDATE", "DELETE", "COPY", "SELECT public.provision", "SELECT public.drop")


def die() -> None:
    """End as a power cut would: nothing is flushed, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Die "midway" (after the nth write inside a keeper), "unmarked" (done but not marked) or "between" two
    steps.
    """
    from agenda import loop

    name, _, count = point.partition(":")
    if name == "midway":
        _die_at_write(int(count), loop)
    elif name == "unmarked":
        loop._mark = lambda *args: die()
    elif name == "between":
        _die_at_claim(int(count or 2), loop)


def _die_at_claim(wanted: int, loop: Any) -> None:
    claim = loop._claim
    seen = []

    def counted(now: datetime) -> Any:
        seen.append(now)
        if len(seen) == wanted:
            die()
        return claim(now)

    loop._claim = counted


def _die_at_write(wanted: int, loop: Any) -> None:
    from django.db.backends.utils import CursorWrapper

    keep = loop._keep
    inside = []
    execute = CursorWrapper.execute
    many = CursorWrapper.executemany

    def watched(row: Any, now: datetime) -> None:
        inside.append(0)
        keep(row, now)

    def counted(run: Any) -> Any:
        def call(self: Any, sql: str, params: Any = None) -> Any:
            result = run(self, sql, params)
            if inside and str(sql).lstrip().startswith(WRITES):
                inside[0] += 1
                if inside[0] == wanted:
                    die()
            return result

        return call

    loop._keep = watched
    CursorWrapper.execute = counted(execute)
    CursorWrapper.executemany = counted(many)


def main() -> None:
    """Run one tick, to be cut short."""
    database, point, now = sys.argv[1:]
    import django

    django.setup()
    from tests.database import point_at

    point_at(database)
    from agenda import loop

    arm(point)
    loop.tick(datetime.fromisoformat(now))


if __name__ == "__main__":
    main()
