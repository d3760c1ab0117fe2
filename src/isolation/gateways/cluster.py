"""The roles of a database and what each may do, set once by whoever may create roles."""

from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from isolation.gateways.folding import fold_functions
from isolation.policy.names import Roles, roles, safe_identifier, tenant_role

EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist")


def bootstrap(connection: Connection[Any], *, database: str, app_role: str = "") -> Roles:
    """Make roles, extensions and grants of a database, as often as wanted; return the roles' names.

    `connection` is to that database, by a superuser or a role that may create roles and owns the database.
    `app_role` names the application's own login where it has one.
    """
    names = roles(database)
    app = safe_identifier(app_role or names.app)
    newer = connection.info.server_version >= 160000
    for role, attributes in _wanted(names, app):
        _create_role(connection, role, attributes)
    for statement in _statements(names, app, sql.Identifier(database), newer):
        connection.execute(statement)
    connection.commit()
    return names


def make_tenant_role(connection: Connection[Any], *, database: str, tenant_id: UUID, app_role: str) -> None:
    """Make the role of a tenant that comes back with a backup, as provisioning makes it: by the migrator."""
    names = roles(database)
    person = tenant_role(database, tenant_id)
    newer = connection.info.server_version >= 160000
    to_app = " WITH INHERIT FALSE, SET TRUE" if newer else ""
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(names.migrator)))
    _create_role(connection, person, "NOLOGIN")
    for line in ("GRANT {tenants} TO {person}", f"GRANT {{person}} TO {{app}}{to_app}"):
        connection.execute(
            sql.SQL(line).format(
                person=sql.Identifier(person),
                tenants=sql.Identifier(names.tenants),
                app=sql.Identifier(safe_identifier(app_role or names.app)),
            )
        )
    connection.execute("RESET ROLE")
    connection.commit()


def _wanted(names: Roles, app: str) -> list[tuple[str, str]]:
    return [
        (names.migrator, "NOLOGIN CREATEROLE"),
        (app, "NOINHERIT"),
        (names.operator, "NOLOGIN"),
        (names.tenants, "NOLOGIN"),
    ]


def _create_role(connection: Connection[Any], role: str, attributes: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(attributes)))


def _statements(names: Roles, app: str, database: sql.Identifier, newer: bool) -> list[sql.Composed]:
    to_app = " WITH INHERIT FALSE, SET TRUE" if newer else ""
    lines = [
        f"GRANT {{operator}} TO {{app}}{to_app}",
        "GRANT {tenants} TO {migrator} WITH ADMIN OPTION",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
        "GRANT CONNECT, CREATE, TEMP ON DATABASE {database} TO {migrator}",
        *(f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA public" for name in EXTENSIONS),
        *fold_functions(),
        "ALTER SCHEMA public OWNER TO {migrator}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {operator}, {tenants}",
    ]
    who = {name: sql.Identifier(getattr(names, name)) for name in ("migrator", "operator", "tenants")}
    return [sql.SQL(line).format(app=sql.Identifier(app), database=database, **who) for line in lines]
