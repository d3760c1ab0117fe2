"""Migrating tenants: each on its own, recorded, resumable, and nothing to do is one comparison."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
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
    yield from _opened_before(2, now)


@pytest.fixture
def many(committed, now):
    """Return six of them."""
    yield from _opened_before(6, now)


def _opened_before(count, now):
    with inside_operator():
        customer = Customer.objects.create(name="Old", email="old@example.test", created_at=now)
        tenants = [_open(customer, f"old-{n}", now) for n in range(count)]
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
    assert migrate_tenants(now=now).done == 0  # in the same run it isn't tried again
    assert migrate_tenants(now=now + timedelta(minutes=5)).done == 1
    assert behind() == []


def test_two_processes_leave_no_tenant_out_and_migrate_each_once(many, now):
    """One of them fails half-way: it is seen once, and all the others are migrated."""
    bad, *good = many
    with connections["migrator"].cursor() as cursor:
        _run(cursor, "CREATE TABLE {}.usersessions_usersession (in_the_way int)", bad)
    both_ready = threading.Barrier(2)

    def process(_n):
        both_ready.wait(10)
        try:
            return migrate_tenants(now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(process, range(2))
    assert behind() == [bad.pk]
    assert one.done + other.done == len(good)
    assert len(one.failed) + len(other.failed) == 1
    with inside_operator():
        tried = SchemaMigration.objects.filter(tenant_id__in=[each.pk for each in many])
        assert tried.count() == len(many)


def test_the_command_fails_while_a_tenant_is_behind_and_counts_truly(old, now):
    bad, _good = old
    with connections["migrator"].cursor() as cursor:
        _run(cursor, "CREATE TABLE {}.usersessions_usersession (in_the_way int)", bad)
    out, errors = StringIO(), StringIO()
    with pytest.raises(CommandError, match="still behind: 1 of 2"):
        call_command("migrate_tenants", processes=1, stdout=out, stderr=errors)
    assert "1 of 2 tenants migrated" in out.getvalue()
    assert str(bad.pk) in errors.getvalue()


def test_nothing_to_do_is_said(committed):
    out = StringIO()
    call_command("migrate_tenants", stdout=out)
    assert "nothing to do" in out.getvalue()


def test_the_version_changes_with_the_set_of_migrations_only():
    one = schema_version([("people", "0001_initial"), ("audit", "0001_initial")])
    assert one == schema_version([("audit", "0001_initial"), ("people", "0001_initial")])
    assert one != schema_version([("audit", "0001_initial")])
