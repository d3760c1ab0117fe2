"""Who may do what with which table, said again after each migration of the shared schema."""

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from isolation.policy.names import SHARED_SCHEMA, TEMPLATE_SCHEMA, Roles, roles
from isolation.registry import Share, limited_grants, operator_functions, shares
from isolation.router import schema_scope_of

_PROVISION = """
CREATE OR REPLACE FUNCTION public.provision_tenant(tenant uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    hex text := replace(tenant::text, '-', '');
    place text := 't_' || hex;
    person text := {prefix} || hex;
    template text;
    fixed record;
BEGIN
    IF EXISTS (SELECT FROM pg_namespace WHERE nspname = place) THEN
        RETURN false;
    END IF;
    SELECT ddl INTO STRICT template FROM public.tenants_schematemplate ORDER BY created_at DESC LIMIT 1;
    EXECUTE format('CREATE SCHEMA %I', place);
    EXECUTE format('CREATE ROLE %I NOLOGIN', person);
    EXECUTE format('GRANT %I TO %I', {tenants}, person);
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', person, {app});
    ELSE
        EXECUTE format('GRANT %I TO %I', person, {app});
    END IF;
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO
    %I', place, person);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', place, person);
    PERFORM set_config('search_path', format('%I, public', place), true);
    EXECUTE replace(template, {template}, place);  -- each table is born with the grants above
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, person);
    EXECUTE format('REVOKE ALL ON %I.django_migrations FROM %I', place, person);
    FOR fixed IN SELECT * FROM jsonb_each_text({limited}::jsonb) LOOP
        EXECUTE format('REVOKE ALL ON %I.%I FROM %I', place, fixed.key, person);
        EXECUTE format('GRANT %s ON %I.%I TO %I', fixed.value, place, fixed.key, person);
    END LOOP;
    RETURN true;
END
$body$
"""
_DROP = """
CREATE OR REPLACE FUNCTION public.drop_tenant(tenant uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE hex text := replace(tenant::text, '-', '');
BEGIN
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', 't_' || hex);
    EXECUTE format('DROP ROLE IF EXISTS %I', {prefix} || hex);
END
$body$
"""


def apply_grants(*, app_role: str = "") -> None:
    """Set grants, row policies and the provisioning functions of the shared schema; as often as wanted.

    A table at a time, and each in one step: whoever is served meanwhile never finds it closed.
    """
    connection = connections["migrator"]
    names = roles(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {SHARED_SCHEMA}")
        for table in shared_tables():
            with transaction.atomic(using="migrator"):
                _for_operator(cursor, table, names)
        for share in shares():
            with transaction.atomic(using="migrator"):
                _for_tenants(cursor, share, names)
        for statement in _functions(names, app_role or names.app):
            cursor.execute(statement)


def shared_tables() -> list[str]:
    """Return the tables of all models that stand in the shared schema."""
    models = apps.get_models(include_auto_created=True)
    return sorted(
        {
            m._meta.db_table
            for m in models
            if schema_scope_of(m._meta.app_label, m._meta.model_name) != "tenant"
        }
    )


def limited_tables(scopes: Iterable[str]) -> dict[str, str]:
    """Return what may be done at most with the tables of models with one of these scopes that say so."""
    models = {apps.get_model(name): privileges for name, privileges in limited_grants().items()}
    return {m._meta.db_table: told for m, told in models.items() if m.schema_scope in set(scopes)}


def _for_operator(cursor: Any, table: str, names: Roles) -> None:
    rights = limited_tables(("shared", "both")).get(table, "SELECT, INSERT, UPDATE, DELETE")
    _run(cursor, "REVOKE ALL ON {table} FROM {operator}", table, names)
    _run(cursor, f"GRANT {rights} ON {{table}} TO {{operator}}", table, names)
    _run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {operator}", table, names)


def _for_tenants(cursor: Any, share: Share, names: Roles) -> None:
    table = apps.get_model(share.model)._meta.db_table
    column = share.tenant_column
    mine = f"{column} = right(current_user, 32)::uuid" if column else "true"
    writes = sql.SQL(" AND ") + share.writes() if share.writes else sql.SQL("")
    for line in (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS operator_rows ON {table}",
        "DROP POLICY IF EXISTS tenant_rows ON {table}",
        "CREATE POLICY operator_rows ON {table} TO {operator} USING (true) WITH CHECK (true)",
        f"CREATE POLICY tenant_rows ON {{table}} TO {{tenants}} USING ({mine}) WITH CHECK ({mine}{{writes}})",
        "REVOKE ALL ON {table} FROM {tenants}",
        f"GRANT {', '.join(share.privileges)} ON {{table}} TO {{tenants}}",
    ):
        _run(cursor, line, table, names, writes=writes)


def _run(cursor: Any, line: str, table: str, names: Roles, **parts: sql.Composable) -> None:
    who = {"operator": sql.Identifier(names.operator), "tenants": sql.Identifier(names.tenants)}
    cursor.execute(sql.SQL(line).format(table=sql.Identifier(table), **who, **parts))


def _functions(names: Roles, app: str) -> list[sql.Composed]:
    values = {
        "prefix": sql.Literal(names.tenant_prefix),
        "tenants": sql.Literal(names.tenants),
        "app": sql.Literal(app),
        "template": sql.Literal(TEMPLATE_SCHEMA),
        "limited": sql.Literal(json.dumps(limited_tables(("tenant", "both")))),
    }
    operator = sql.Identifier(names.operator)
    made = [sql.SQL(body).format(**values) for body in (_PROVISION, _DROP)]
    for function in ("provision_tenant(uuid)", "drop_tenant(uuid)", *operator_functions()):
        made.append(sql.SQL(f"REVOKE ALL ON FUNCTION public.{function} FROM PUBLIC").format())
        made.append(sql.SQL(f"GRANT EXECUTE ON FUNCTION public.{function} TO {{}}").format(operator))
    return made
