"""Opening a tenant: one transaction, as often as wanted, the same schema as migrations make."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from audit.models import Entry
from isolation.context import inside
from isolation.policy.names import SHARED_SCHEMA, TEMPLATE_SCHEMA, tenant_role
from people.models import Role
from tenants.actions.change_state import CannotBecome, change_state
from tenants.actions.provision_tenant import AddressTaken, ContractUnknown, provision_tenant
from tenants.gateways.schema import catalogue
from tenants.models import Contract, Customer, Domain, Tenant


@pytest.fixture
def contract(as_operator, now):
    customer = Customer.objects.create(
        name="Commune de Vaubrun", email="mairie@vaubrun.example", created_at=now
    )
    return Contract.objects.create(
        customer=customer,
        profile_key="school",
        profile_version=date(2026, 4, 17),
        licences=60,
        starts_on=date(2026, 11, 1),
        created_at=now,
    )


def exists(query, value):
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        return cursor.fetchone() is not None


def test_a_tenant_opens_with_schema_role_domain_and_roles(contract, now):
    tenant = provision_tenant(slug="vaubrun", name="École de Vaubrun", contract_id=contract.pk, now=now)
    assert tenant.state == "open"
    assert exists("SELECT FROM pg_namespace WHERE nspname = %s", tenant.schema_name)
    assert exists(
        "SELECT FROM pg_roles WHERE rolname = %s", tenant_role(connection.settings_dict["NAME"], tenant.pk)
    )
    assert Domain.objects.get(tenant=tenant).domain == "vaubrun.localhost"
    with inside(tenant):
        assert Role.objects.filter(shipped="administrator").exists()
        assert Entry.objects.filter(verb="tenant.opened").count() == 1


def test_opening_again_changes_nothing(contract, now):
    one = provision_tenant(slug="vaubrun", name="École de Vaubrun", contract_id=contract.pk, now=now)
    two = provision_tenant(slug="vaubrun", name="École de Vaubrun", contract_id=contract.pk, now=now)
    assert one.pk == two.pk
    assert Domain.objects.filter(tenant=one).count() == 1
    with inside(one):
        assert Entry.objects.filter(verb="tenant.opened").count() == 1


def test_an_address_is_given_once(contract, now):
    with pytest.raises(AddressTaken):
        provision_tenant(slug="tilleuls", name="Another", contract_id=contract.pk, now=now)


def test_an_unknown_contract_opens_nothing(as_operator, now):
    with pytest.raises(ContractUnknown):
        provision_tenant(slug="nobody", name="Nobody", contract_id=uuid4(), now=now)
    assert not Tenant.objects.filter(slug="nobody").exists()


def test_a_failure_half_way_leaves_neither_schema_nor_role(contract, now, monkeypatch):
    from tenants.actions import provision_tenant as module

    def fail(tenant, now):
        raise RuntimeError("seeds are missing")

    monkeypatch.setattr(module, "provisioning_hooks", lambda: [fail])
    with pytest.raises(RuntimeError, match="seeds"):
        provision_tenant(slug="vaubrun", name="École de Vaubrun", contract_id=contract.pk, now=now)
    assert not Tenant.objects.filter(slug="vaubrun").exists()


def test_a_provisioned_schema_is_what_migrations_make(committed, school):
    template = catalogue(TEMPLATE_SCHEMA)
    made = catalogue(school.schema_name)
    assert template
    assert [row for row in template if row not in made] == []
    assert [row for row in made if row not in template] == []


def test_what_stands_in_both_homes_is_the_same_in_both(committed, school):
    shared, tenant = (
        {
            row[:3]
            for row in catalogue(schema)
            if row[0] == "column" and row[1].startswith(("people_", "audit_"))
        }
        for schema in (SHARED_SCHEMA, school.schema_name)
    )
    assert shared == tenant


def test_a_tenant_is_suspended_and_comes_back(contract, now):
    tenant = provision_tenant(slug="vaubrun", name="École de Vaubrun", contract_id=contract.pk, now=now)
    assert change_state(tenant_id=tenant.pk, state="suspended", reason="unpaid", now=now).state == "suspended"
    assert change_state(tenant_id=tenant.pk, state="open", reason="paid", now=now).state == "open"
    with pytest.raises(CannotBecome):
        change_state(tenant_id=tenant.pk, state="erased", reason="", now=now)


def test_an_erased_tenant_leaves_no_schema_role_nor_address(contract, now):
    tenant = provision_tenant(slug="vaubrun", name="École de Vaubrun", contract_id=contract.pk, now=now)
    change_state(tenant_id=tenant.pk, state="ended", reason="term", now=now)
    gone = change_state(tenant_id=tenant.pk, state="erased", reason="retention over", now=now)
    assert gone.erased_at == now
    assert not exists("SELECT FROM pg_namespace WHERE nspname = %s", tenant.schema_name)
    assert not exists(
        "SELECT FROM pg_roles WHERE rolname = %s", tenant_role(connection.settings_dict["NAME"], tenant.pk)
    )
    assert not Domain.objects.filter(tenant=tenant).exists()


def test_a_slug_that_is_no_host_name_is_refused(contract, now):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        provision_tenant(slug="Éc ole", name="x", contract_id=contract.pk, now=now)
