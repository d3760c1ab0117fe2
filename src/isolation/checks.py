"""System checks: every model has a schema scope, and no foreign key leads out of it."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from isolation.gateways.locks import read_locks
from isolation.policy.locks import is_enough, wanted_setting
from isolation.router import THIRD_PARTY, schema_scope_of


@register()
def no_cross_schema_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error for each model without a scope and each foreign key between scopes."""
    errors = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.app_label
        if label not in THIRD_PARTY and not model._meta.auto_created and not hasattr(model, "schema_scope"):
            errors.append(
                Error(
                    f"{model._meta.label} has no schema scope",
                    hint="derive it from isolation.models",
                    id="isolation.E001",
                )
            )
            continue
        errors += [
            _crossing(model, f) for f in model._meta.concrete_fields if f.is_relation and _crosses(model, f)
        ]
    return errors


@register(Tags.security, deploy=True)
def locks_have_room(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error when a backup, or the end of a tenant, would take more locks than PostgreSQL has.

    Nothing while the database isn't there yet.
    """
    try:
        locks = read_locks()
    except DatabaseError:
        return []
    if is_enough(locks):
        return []
    wanted = wanted_setting(locks)
    return [
        Error(
            f"PostgreSQL's max_locks_per_transaction is {locks.setting}: too low for a backup of "
            f"{locks.tenants} tenants ({locks.tables} tables)",
            hint=f"ALTER SYSTEM SET max_locks_per_transaction = {wanted}, then restart PostgreSQL: "
            "docs/operating.md",
            id="isolation.E003",
        )
    ]


def _crosses(model: Any, field: Any) -> bool:
    mine = _home(model)
    theirs = _home(field.related_model)
    return theirs not in {mine, "both"}


def _crossing(model: Any, field: Any) -> Error:
    return Error(
        f"{model._meta.label}.{field.name} leads from a {_home(model)} table to a "
        f"{_home(field.related_model)} one",
        hint="cross by uuid: a UUIDField, no foreign key",
        id="isolation.E002",
    )


def _home(model: Any) -> str:
    return schema_scope_of(model._meta.app_label, model._meta.model_name)
