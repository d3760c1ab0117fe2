"""Bring every tenant's schema to the newest migrations.

Each in its own transaction, each recorded, resumable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from isolation.policy.names import SHARED_SCHEMA
from isolation.router import migrating
from tenants.gateways.schema import wanted_version
from tenants.models import SchemaMigration, Tenant, tenant_ids

LOCK_TIMEOUT = "5s"
CLAIM = "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext('migrate'), pg_catalog.hashtext(%s))"
RELEASE = "SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtext('migrate'), pg_catalog.hashtext(%s))"


@dataclass(slots=True)
class Progress:
    """How many tenants were migrated, and which failed, with the reason."""

    done: int = 0
    failed: dict[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: its SQL, rendered once for all tenants that lack it, or None when it must run as
    Python.
    """

    app: str
    name: str
    statements: tuple[str, ...] | None


def behind() -> list[UUID]:
    """Return the tenants whose schema isn't at the wanted version, oldest first.

    One comparison, no catalogue read.
    """
    with migrating():
        return tenant_ids(Tenant.objects.exclude(state="erased").exclude(schema_version=wanted_version()))


def migrate_tenants(*, now: datetime) -> Progress:
    """Return what this process did of the tenants that are behind; any number of them may run at once.

    Each claims one tenant at a time, and leaves out those that another has in hand, has migrated or has seen
    fail in the same run, which `now` names. Each tenant is one transaction on the migrator's connection:
    killed anywhere, it is either wholly migrated or not at all, and the next run takes it up. A failing
    tenant is recorded with its reason and doesn't stop the others.
    """
    progress = Progress()
    wanted = wanted_version()
    plans: dict[str, list[Step]] = {}
    for tenant_id in behind():
        with _claimed(tenant_id) as is_ours:
            if is_ours and _is_left(tenant_id, wanted, now):
                _migrate(tenant_id, wanted, plans, progress, now)
    return progress


def _migrate(
    tenant_id: UUID, wanted: str, plans: dict[str, list[Step]], progress: Progress, now: datetime
) -> None:
    record = _begin(tenant_id, wanted, now)
    try:
        _migrate_one(tenant_id, wanted, plans)
    except Exception as error:
        progress.failed[tenant_id] = f"{type(error).__name__}: {error}"
        _end(record, SchemaMigration.State.FAILED, now, progress.failed[tenant_id])
    else:
        progress.done += 1
        _end(record, SchemaMigration.State.DONE, now, "")


@contextmanager
def _claimed(tenant_id: UUID) -> Iterator[bool]:
    """Hold a tenant for this process alone, and say whether it could be had; one that dies holds nothing."""
    with connections["migrator"].cursor() as cursor:
        cursor.execute(CLAIM, [str(tenant_id)])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute(RELEASE, [str(tenant_id)])


def _is_left(tenant_id: UUID, wanted: str, now: datetime) -> bool:
    """Return whether a tenant is behind still and hasn't failed in this run."""
    with migrating():
        rows = Tenant.objects.filter(pk=tenant_id).exclude(schema_version=wanted)
        failed = SchemaMigration.objects.filter(
            tenant_id=tenant_id, to_version=wanted, started_at=now, state=SchemaMigration.State.FAILED
        )
        return rows.exists() and not failed.exists()


def _begin(tenant_id: UUID, wanted: str, now: datetime) -> SchemaMigration:
    with migrating():
        before = Tenant.objects.values_list("schema_version", flat=True).get(pk=tenant_id)
        return SchemaMigration.objects.create(
            tenant_id=tenant_id, from_version=before, to_version=wanted, started_at=now
        )


def _end(record: SchemaMigration, state: str, now: datetime, failure: str) -> None:
    with migrating():
        record.state = state
        record.ended_at = now
        record.failure = failure[:2000]
        record.save(update_fields=["state", "ended_at", "failure"])


def _migrate_one(tenant_id: UUID, wanted: str, plans: dict[str, list[Step]]) -> None:
    migrator: Any = connections["migrator"]
    with migrating(), transaction.atomic(using="migrator"):
        tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
        if tenant.schema_version == wanted:
            return
        migrator.set_schema(tenant.schema_name, include_public=True)
        try:
            with migrator.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            if tenant.schema_version not in plans:
                plans[tenant.schema_version] = list(_plan(migrator))
            for step in plans[tenant.schema_version]:
                _apply(step, migrator)
        finally:
            migrator.set_schema(SHARED_SCHEMA)
        Tenant.objects.filter(pk=tenant_id).update(schema_version=wanted)


def _plan(migrator: Any) -> Iterator[Step]:
    executor: Any = MigrationExecutor(migrator)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(with_applied_migrations=True)
    for migration, _ in plan:
        if any(isinstance(operation, RunPython) for operation in migration.operations):
            state = migration.mutate_state(state)
            yield Step(migration.app_label, migration.name, None)
            continue
        with migrator.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        statements = (line for line in editor.collected_sql if line and not line.startswith("--"))
        yield Step(migration.app_label, migration.name, tuple(statements))


def _apply(step: Step, migrator: Any) -> None:
    if step.statements is None:
        _apply_in_python(step, migrator)
    else:
        with migrator.cursor() as cursor:
            for statement in step.statements:
                cursor.execute(statement)
    MigrationRecorder(migrator).record_applied(step.app, step.name)


def _apply_in_python(step: Step, migrator: Any) -> None:
    executor: Any = MigrationExecutor(migrator)
    migration = executor.loader.get_migration(step.app, step.name)
    state = executor._create_project_state(with_applied_migrations=True)
    with migrator.schema_editor(atomic=migration.atomic) as editor:
        migration.apply(state, editor)
