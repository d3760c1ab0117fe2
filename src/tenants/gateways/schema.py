"""Schemas as PostgreSQL knows them: migrating one, dumping the template, making and dropping a tenant's."""

import re
from functools import cache
from typing import Any
from uuid import UUID

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from isolation.gateways.tools import run_tool
from isolation.policy.names import SHARED_SCHEMA, TEMPLATE_SCHEMA, roles
from isolation.router import migrating, schema_scope_of
from tenants.policy.versions import schema_version


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
    """Return the template schema as one string of SQL, its migration rows included. Raises ToolFailed."""
    migrator = connections["migrator"]
    params = migrator.get_connection_params()
    options = [f"--schema={TEMPLATE_SCHEMA}", "--inserts", "--rows-per-insert=500", "--no-owner"]
    options += ["--no-privileges", "--no-comments", f"--role={roles(params['dbname']).migrator}"]
    return _only_ddl(run_tool("pg_dump", options, params))


def _only_ddl(dump: str) -> str:
    skipped = ("--", "SET ", "SELECT pg_catalog.set_config", "\\", "CREATE SCHEMA ")
    return "\n".join(line for line in dump.splitlines() if line and not line.startswith(skipped))


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
