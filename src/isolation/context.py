"""The one way to reach data: enter a tenant, or enter as the operator, for the length of a transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection as _connection
from django.db import transaction
from psycopg.pq import TransactionStatus

from isolation.policy.names import SHARED_SCHEMA, roles, tenant_role, tenant_schema

Value = TypeVar("Value")
connection: Any = _connection  # ours: isolation.backend


class Swallowed(Exception):
    """Raised when a database error was caught and ignored inside a context.

    Its rows would be lost silently.
    """


class NoTenantContext(Exception):
    """Raised when something needs to know which tenant it is in, and it is in none."""


@dataclass(frozen=True, slots=True)
class DatabaseContext:
    """Where the connection is: a role, the path it reads, and the tenant, if it is one."""

    kind: str
    role: str
    path: str
    tenant_id: UUID | None = None
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # read once a stay


_NOWHERE = DatabaseContext("nowhere", "none", "")


def current_context() -> DatabaseContext | None:
    """Return the place this thread's connection has entered, or None."""
    place: DatabaseContext | None = connection.place
    return place


def current_tenant_id() -> UUID:
    """Return the uuid of the tenant we are inside. Raises NoTenantContext outside of one."""
    place = current_context()
    if place is None or place.tenant_id is None:
        raise NoTenantContext("this only works inside a tenant")
    return place.tenant_id


def once_here(name: str, read: Callable[[], Value]) -> Value:
    """Return what `read` says, asked once for as long as we stay in this context.

    Only for what this context's role can't change. Forgotten on leaving, and whenever another context was
    entered from here: what was done there may have changed it. Raises NoTenantContext outside of one.
    """
    context = current_context()
    if context is None:
        raise NoTenantContext("this only works inside a context")
    if name not in context.kept:
        context.kept[name] = read()
    found: Value = context.kept[name]
    return found


def inside(tenant: Any) -> Any:
    """Enter a tenant (its row or its uuid) for a transaction: only its rows can be read or written."""
    tenant_id = tenant if isinstance(tenant, UUID) else tenant.pk
    database = connection.settings_dict["NAME"]
    path = f'"{tenant_schema(tenant_id)}", {SHARED_SCHEMA}'
    return _entered(DatabaseContext("tenant", tenant_role(database, tenant_id), path, tenant_id))


def inside_operator() -> Any:
    """Enter the shared schema as the operator, for a transaction."""
    return _entered(
        DatabaseContext("operator", roles(connection.settings_dict["NAME"]).operator, SHARED_SCHEMA)
    )


@contextmanager
def _entered(place: DatabaseContext) -> Iterator[DatabaseContext]:
    previous = connection.place
    outer = not connection.in_atomic_block
    with transaction.atomic():
        _set_role(place)
        connection.place = place
        try:
            yield place
            if connection.connection.info.transaction_status == TransactionStatus.INERROR:
                raise Swallowed(
                    "a database error was caught inside a context; let it pass or use atomic() around it"
                )
            if not outer:
                _set_role(previous or _NOWHERE)  # releasing a savepoint keeps SET LOCAL
        finally:
            connection.place = previous
            if previous is not None:
                previous.kept.clear()


def _set_role(place: DatabaseContext) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('search_path', %s, true)",
            [place.role, place.path],
        )
