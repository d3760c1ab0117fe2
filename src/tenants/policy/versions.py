"""The version of a tenant's schema."""

from collections.abc import Iterable
from hashlib import sha256


def schema_version(migrations: Iterable[tuple[str, str]]) -> str:
    """Return one value that changes when, and only when, the set of tenant migrations does.

    Hex, 64 characters.
    """
    return sha256("\n".join(sorted(f"{app}.{name}" for app, name in migrations)).encode()).hexdigest()
