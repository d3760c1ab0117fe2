"""Which tables stand in which schema, and which connection migrates them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from isolation.policy.names import SHARED_SCHEMA

THIRD_PARTY = {
    "contenttypes": "shared",
    "auth": "shared",
    "sessions": "both",
    "account": "both",
    "mfa": "both",
    "usersessions": "both",
}
_migrating: ContextVar[bool] = ContextVar("migrating", default=False)


@contextmanager
def migrating() -> Iterator[None]:
    """Send every query of this block to the migrator's connection."""
    token = _migrating.set(True)
    try:
        yield
    finally:
        _migrating.reset(token)


def schema_scope_of(app_label: str, model_name: str | None = None, schema_scope: str | None = None) -> str:
    """Return "shared", "tenant" or "both" for a model, or for an app whose models all agree.

    Raises ImproperlyConfigured when an operation without a model stands in an app of several scopes and names
    none. A model renamed since an old migration is found by its table, which keeps the former name.
    """
    if schema_scope or app_label in THIRD_PARTY:
        return schema_scope or THIRD_PARTY[app_label]
    models = apps.get_app_config(app_label).get_models(include_auto_created=True)
    scopes: dict[str | None, str | None] = {}
    for model in models:
        scope = getattr(model, "schema_scope", None)
        scopes[model._meta.db_table.removeprefix(f"{app_label}_")] = scope
        scopes[model._meta.model_name] = scope
    if model_name and model_name.lower() in scopes:
        return scopes[model_name.lower()] or "both"
    distinct = set(scopes.values()) or {"shared"}
    if len(distinct) > 1:
        raise ImproperlyConfigured(
            f'{app_label}: say hints={{"schema_scope": …}} on this operation ({model_name or "no model"})'
        )
    return distinct.pop() or "both"


class SchemaRouter:
    """The database router: the application's connection never migrates, the migrator's never serves."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Return the migrator's alias while migrating, else no opinion."""
        return "migrator" if _migrating.get() else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Return True: scopes are kept apart by `isolation.checks`."""
        return True

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Return whether this schema holds the tables of a model."""
        if db != "migrator":
            return False
        connection: Any = connections[db]
        wanted = "shared" if connection.schema_name == SHARED_SCHEMA else "tenant"
        return schema_scope_of(app_label, model_name, hints.get("schema_scope")) in {wanted, "both"}
