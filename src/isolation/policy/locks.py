"""How many locks PostgreSQL must have room for: `max_locks_per_transaction`.

The table of locks is made when PostgreSQL starts, for that many in each connection on average, and all share
it. A backup locks each table of each tenant at once; destroying a tenant locks all its schema is made of.
"""

from dataclasses import dataclass
from math import ceil

RESERVED = 32  # a connection, for what all others do meanwhile
GROWTH = 1.25
STEP = 64


@dataclass(frozen=True, slots=True)
class Locks:
    """What a database holds that is locked at once, and what its server has room for."""

    tables: int  # in all schemas
    largest: int  # objects in the tenant's schema that has most
    tenants: int
    setting: int  # max_locks_per_transaction
    sessions: int  # connections and prepared transactions the server allows

    @property
    def at_once(self) -> int:
        """Return how many locks the greatest of our acts takes, with room for a quarter more."""
        return ceil(max(self.tables, self.largest) * GROWTH)


def wanted_setting(locks: Locks) -> int:
    """Return the least `max_locks_per_transaction` that suffices, a multiple of 64."""
    least = RESERVED + locks.at_once / locks.sessions
    return ceil(least / STEP) * STEP


def is_enough(locks: Locks) -> bool:
    """Return whether the server has room for a backup, and for the end of any tenant."""
    return RESERVED * locks.sessions + locks.at_once <= locks.setting * locks.sessions
