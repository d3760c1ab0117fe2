"""The database's refusal of entries on closed days, set aside while books are kept for the first time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from isolation.policy.names import SHARED_SCHEMA


@contextmanager
def closed_days_open() -> Iterator[None]:
    """Let entries be written on closed days in this block; from then on they are refused again.

    The migrator's own transactions: what is written in the block is another's.
    """
    _say("DISABLE")
    try:
        yield
    finally:
        _say("ENABLE")


def _say(word: str) -> None:
    with connections["migrator"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {SHARED_SCHEMA}.billing_journalentry {word} TRIGGER open")
