"""What tenants may reach of the shared schema, asked for by the apps that own the tables."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg import sql


@dataclass(frozen=True, slots=True)
class Share:
    """A grant on one shared table for all tenants, each seeing its own rows only."""

    model: str
    privileges: tuple[str, ...]
    tenant_column: str | None
    writes: Callable[[], sql.Composable] | None = None


_SHARES: dict[str, Share] = {}
_LIMITED: dict[str, str] = {}
_OPERATOR_FUNCTIONS: set[str] = set()


def share(
    model: str,
    privileges: str,
    *,
    tenant_column: str | None,
    writes: Callable[[], sql.Composable] | None = None,
) -> None:
    """Let tenants do `privileges` ("select, insert") on their own rows of a shared model.

    `tenant_column` holds the tenant's uuid; None opens all rows, which only suits what is public. `writes()`
    gives a condition on the rows they may write, asked when every app is ready.
    """
    wanted = tuple(word.strip().upper() for word in privileges.split(","))
    if unknown := set(wanted) - {"SELECT", "INSERT", "UPDATE"}:
        raise ValueError(f"a tenant is never granted {unknown}")
    _SHARES[model] = Share(model, wanted, tenant_column, writes)


def append_only(model: str) -> None:
    """Let nobody but the owner of the tables change or delete rows of a model."""
    limit_grants(model, "SELECT, INSERT")


def limit_grants(model: str, privileges: str) -> None:
    """Let everybody but the owner of the tables do no more than `privileges`, in SQL, on a model's rows."""
    _LIMITED[model] = privileges


def operator_function(signature: str) -> None:
    """Let the operator alone call a function of the shared schema that runs as its owner."""
    _OPERATOR_FUNCTIONS.add(signature)


def operator_functions() -> list[str]:
    """Return the signatures of the functions the operator alone may call."""
    return sorted(_OPERATOR_FUNCTIONS)


def shares() -> list[Share]:
    """Return all grants asked for, in the order of their models."""
    return [_SHARES[name] for name in sorted(_SHARES)]


def limited_grants() -> dict[str, str]:
    """Return what may be done at most with the rows of the models that say so."""
    return dict(sorted(_LIMITED.items()))
