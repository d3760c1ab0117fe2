"""Know a demonstration's database from a real one, and empty the former."""

from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from isolation.policy.names import TEMPLATE_SCHEMA, roles

MARK = "preau demonstration"


class NotADemonstration(Exception):
    """Raised when the database holds data that no demonstration put there."""


def claim() -> None:
    """Mark an empty database as a demonstration's. Raises NotADemonstration when it holds anything else."""
    with _connect() as database:
        if _is_marked(database):
            return
        if _is_used(database):
            raise NotADemonstration(database.info.dbname)
        name = sql.Identifier(database.info.dbname)
        database.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(MARK)))


def throw_away() -> None:
    """Empty a demonstration's database, its roles included; leave an empty one alone."""
    claim()
    for alias in connections:
        connections[alias].close()
    with _connect() as database:
        for schema in _schemas(database):
            database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
        for role in _roles(database):
            database.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(role)))
            database.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _connect() -> psycopg.Connection[Any]:
    """Return a connection with the rights of DATABASE_URL itself, in autocommit."""
    params = connections["migrator"].get_connection_params()
    wanted = {
        key: value for key, value in params.items() if key in {"dbname", "user", "password", "host", "port"}
    }
    return psycopg.connect(autocommit=True, **wanted)


def _is_marked(database: psycopg.Connection[Any]) -> bool:
    row = database.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    return row is not None and row[0] == MARK


def _is_used(database: psycopg.Connection[Any]) -> bool:
    found = database.execute("SELECT to_regclass('public.tenants_tenant') IS NOT NULL").fetchone()
    return bool(found and found[0])


def _schemas(database: psycopg.Connection[Any]) -> list[str]:
    found = database.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname = %s OR nspname ~ '^t_[0-9a-f]{32}$'",
        [TEMPLATE_SCHEMA],
    )
    return [name for (name,) in found]


def _roles(database: psycopg.Connection[Any]) -> list[str]:
    """Return the roles of this database, the migrator, who granted the others, last."""
    stem = roles(database.info.dbname).migrator.removesuffix("migrator")
    found = database.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [stem])
    return sorted((name for (name,) in found), key=lambda name: name.endswith("_migrator"))
