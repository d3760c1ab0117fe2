"""The test database: made as production's is, by bootstrap, migrations and the provisioning function."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from isolation.gateways.cluster import bootstrap
from isolation.policy.names import roles

SRC = Path(settings.BASE_DIR) / "src"


def point_at(name: str) -> None:
    """Send both connections of this process, its threads and its children to the test database."""
    assert name.startswith("test_"), f"refusing to run tests on {name}"
    for alias in ("default", "migrator"):
        connections[alias].close()
        connections.settings[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    options = f"-c role={roles(name).migrator}"
    connections["migrator"].settings_dict["OPTIONS"]["options"] = options
    os.environ["PREAU_DATABASE"] = name


def stamp() -> str:
    """Return a value that changes with any migration, model or registry of the source."""
    files = sorted(
        [
            *SRC.glob("*/migrations/*.py"),
            *SRC.glob("*/models*"),
            *SRC.glob("*/models/*.py"),
            *SRC.glob("*/*/models*"),
            *SRC.glob("*/*/models/*.py"),
            *SRC.glob("*/apps.py"),
            *SRC.glob("isolation/**/*.py"),
            *SRC.glob("tenants/gateways/*.py"),
            *SRC.glob("people/policy/*.py"),
        ]
    )
    return sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()


def connect(database: str) -> psycopg.Connection[Any]:
    """Return a superuser's connection, in autocommit."""
    params = connections["migrator"].get_connection_params()
    wanted = {k: v for k, v in params.items() if k in {"user", "password", "host", "port"}}
    return psycopg.connect(dbname=database, autocommit=True, **wanted)


def is_fresh(name: str, wanted: str) -> bool:
    """Return whether the database stands and was made from this source."""
    with connect("postgres") as server:
        row = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
    return row is not None and row[0] == wanted


def create(name: str) -> None:
    """Make an empty database with its roles, throwing an older one away."""
    drop(name)
    with connect("postgres") as server:
        server.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE "
                "'C.UTF-8'"
            ).format(sql.Identifier(name))
        )
    with connect(name) as database:
        bootstrap(database, database=name)


def seal(name: str, value: str) -> None:
    """Remember from which source the database was made."""
    with connect("postgres") as server:
        server.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(value))
        )


def keep_copy(name: str) -> None:
    """Copy the database as it was made, once, for tests whose commits must not outlive them."""
    with connect("postgres") as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_copy_of(name)]).fetchone():
            _copy(server, name, _copy_of(name))


def put_back(name: str) -> None:
    """Make the database what it was when it was copied."""
    with connect("postgres") as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        _copy(server, _copy_of(name), name)
    with connect(name) as database:
        bootstrap(database, database=name)  # what is granted on a database is not copied


def _copy_of(name: str) -> str:
    return f"{name}_as_made"


def _copy(server: psycopg.Connection[Any], source: str, target: str) -> None:
    for alias in ("default", "migrator"):
        connections[alias].close()
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source))
    )


def drop(name: str) -> None:
    """Drop the database, its copy and the roles that carry its name, which survive it."""
    for alias in ("default", "migrator"):
        connections[alias].close()
    stem = roles(name).migrator.removesuffix("migrator")
    with connect("postgres") as server:
        for each in (name, _copy_of(name)):
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(each)))
        found = server.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [stem]
        ).fetchall()
        for role in sorted((role for (role,) in found), key=lambda name: name.endswith("_migrator")):
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
