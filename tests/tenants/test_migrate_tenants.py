"""Migrating tenants: each on its own, recorded, resumable, and nothing to do is one comparison."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from isolation.context import inside_operator
from isolation.policy.names import TEMPLATE_SCHEMA
from tenants.actions.change_state import change_state
from tenants.actions.migrate_tenants import behind, migrate_tenants
from tenants.actions.provision_tenant import provision_tenant
from tenants.gateways.schema import catalogue, wanted_version
from tenants.models import Contract, Customer, SchemaMigration, Tenant
from tenants.policy.versions import schema_version


@pytest.fixture
def old(committed, now):
    """Return two tenants opened before the sessions list existed.

    Its table and its migration row are missing.
    """
    with inside_operator():
        customer = Customer.objects.create(name="Old", email="old@example.test", created_at=now)
        tenants = [_open(customer, f"old-{n}", now) for n in range(2)]
    with connections["migrator"].cursor() as cursor:
        for tenant in tenants:
            _run(cursor, "DROP TABLE {}.usersessions_usersession", tenant)
            _run(cursor, "DELETE FROM {}.django_migrations WHERE app = 'usersessions'", tenant)
    with inside_operator():
        Tenant.objects.filter(pk__in=[tenant.pk for tenant in tenants]).update(schema_version="older")
    yield tenants
    with inside_operator():
        for tenant in tenants:
            change_state(tenant_id=tenant.pk, state="ended", reason="test", now=now)
            change_state(tenant_id=tenant.pk, state="erased", reason="test", now=now)
        Contract.objects.filter(customer=customer).delete()
        Tenant.objects.filter(pk__in=[t.pk for t in tenants]).delete()
        customer.delete()


def _open(customer, slug, now):
    contract = Contract.objects.create(
        customer=customer,
        profile_key="school",
        profile_version=date(2026, 4, 17),
        starts_on=now.date(),
        created_at=now,
    )
    return provision_tenant(slug=slug, name=slug, contract_id=contract.pk, now=now)


def _run(cursor, statement, tenant):
    cursor.execute(sql.SQL(statement).format(sql.Identifier(tenant.schema_name)))


def test_tenants_behind_are_migrated_and_recorded(old, now):
    assert set(behind()) == {tenant.pk for tenant in old}
    assert migrate_tenants(now=now).done == 2
    assert behind() == []
    for tenant in old:
        assert catalogue(tenant.schema_name) == catalogue(TEMPLATE_SCHEMA)
    with inside_operator():
        records = SchemaMigration.objects.filter(tenant_id__in=[t.pk for t in old])
        assert {(r.state, r.from_version, r.to_version) for r in records} == {
            ("done", "older", wanted_version())
        }


def test_a_failing_tenant_is_recorded_and_does_not_stop_the_next(old, now):
    bad, good = old
    with connections["migrator"].cursor() as cursor:
        _run(cursor, "CREATE TABLE {}.usersessions_usersession (in_the_way int)", bad)
    progress = migrate_tenants(now=now)
    assert (progress.done, set(progress.failed)) == (1, {bad.pk})
    assert behind() == [bad.pk]
    with inside_operator():
        assert "already exists" in SchemaMigration.objects.get(tenant_id=bad.pk, state="failed").failure
    with connections["migrator"].cursor() as cursor:
        _run(cursor, "DROP TABLE {}.usersessions_usersession", bad)
    assert migrate_tenants(now=now).done == 1
    assert behind() == []


def test_nothing_to_do_is_said(committed):
    out = StringIO()
    call_command("migrate_tenants", stdout=out)
    assert "nothing to do" in out.getvalue()


def test_the_version_changes_with_the_set_of_migrations_only():
    one = schema_version([("people", "0001_initial"), ("audit", "0001_initial")])
    assert one == schema_version([("audit", "0001_initial"), ("people", "0001_initial")])
    assert one != schema_version([("audit", "0001_initial")])
