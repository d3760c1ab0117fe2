"""Compare the declarations with the live database and the stored files."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import FileField, Model

from contracts.registry import undeclared
from dpa.gateways.catalogue import live_tables
from dpa.policy.inventory import Finding, Kind, file_findings, table_findings
from exports.gateways import storage
from exports.models import ExportJob
from isolation.context import inside, inside_operator
from isolation.policy.names import SHARED_SCHEMA, tenant_schema
from isolation.router import schema_scope_of
from tenants.models import Tenant

SHARED = Path(__file__).parents[1] / "data" / "shared_apps.toml"
MIGRATIONS = {"django_migrations": {"id", "app", "name", "applied"}}


def inventory_findings() -> list[Finding]:
    """Return what is held and declared nowhere, and what is declared and held nowhere; enters each place."""
    with inside_operator():
        tenants = list(Tenant.objects.exclude(state=Tenant.State.ERASED))
        live = live_tables(SHARED_SCHEMA, "t\\_%")
    schemas = {tenant_schema(tenant.pk) for tenant in tenants}
    found = _models() + _shared_apps()
    found += table_findings(SHARED_SCHEMA, live=live.pop(SHARED_SCHEMA, {}), declared=_tables("shared"))
    for schema in sorted(schemas):
        found += table_findings(schema, live=live.pop(schema, {}), declared=_tables("tenant"))
    found += [Finding(schema, Kind.SCHEMA_UNDECLARED, schema) for schema in sorted(live)]
    named, folders = _named_files(tenants)
    return found + file_findings(stored=storage.walk(), named=named, folders=folders)


def _of(scope: str) -> Iterator[type[Model]]:
    """Yield the models whose tables lie in the shared schema, or in each tenant's."""
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        lies_in = schema_scope_of(meta.app_label, str(meta.model_name))
        if meta.managed and not meta.proxy and lies_in in {scope, "both"}:
            yield model


def _tables(scope: str) -> dict[str, set[str]]:
    """Return the columns of each table that is declared for a schema of this kind."""
    found = {model._meta.db_table: _columns(model) for model in _of(scope)}
    return found | MIGRATIONS


def _columns(model: type[Model]) -> set[str]:
    return {str(field.column) for field in model._meta.local_concrete_fields}


def _models() -> list[Finding]:
    """Return the tenants' models that say nothing of the personal data they hold."""
    return [Finding("declarations", Kind.MODEL_UNDECLARED, model._meta.label) for model in undeclared()]


def _shared_apps() -> list[Finding]:
    """Return the apps that say nothing of what their shared tables hold, and those said that have none."""
    said = set(tomllib.loads(SHARED.read_text(encoding="utf-8")))
    there = {model._meta.app_label for model in _of("shared")}
    found = [Finding("declarations", Kind.ROOM_UNDECLARED, name) for name in sorted(there - said)]
    return found + [Finding("declarations", Kind.ROOM_MISSING, name) for name in sorted(said - there)]


def _named_files(tenants: list[Tenant]) -> tuple[set[str], set[str]]:
    """Return the names of files that rows name, and the folders of exports."""
    with inside_operator():
        named = _files("shared")
    folders: set[str] = set()
    for tenant in tenants:
        with inside(tenant):
            named |= _files("tenant")
            for key, file in ExportJob.objects.values_list("pk", "file"):
                folders.add(f"{storage.folder(tenant.pk, key)}/")
                named |= {file} - {""}
    return named, folders


def _files(scope: str) -> set[str]:
    """Return the names of the files that rows name here."""
    found: set[str] = set()
    for model in _of(scope):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                found |= set(model._base_manager.values_list(field.name, flat=True))
    return found - {""}
