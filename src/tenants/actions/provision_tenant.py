"""Open a tenant for a contract."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from isolation.context import inside
from tenants.gateways.schema import provision, wanted_version
from tenants.models import Contract, Domain, Tenant
from tenants.registry import provisioning_hooks


class AddressTaken(Exception):
    """Raised when another customer's tenant has this address already."""


class ContractUnknown(Exception):
    """Raised when there is no such contract."""


@transaction.atomic
def provision_tenant(
    *,
    slug: str,
    name: str,
    contract_id: UUID,
    now: datetime,
    by: Actor | None = None,
    is_shared: bool = False,
) -> Tenant:
    """Return the contract's tenant, open: schema, role, grants, seed rows and domain, in one transaction.

    As often as wanted: a contract that has its tenant gets that one back. Run as the operator. `is_shared`:
    many customers will live in it, each in a circle of their own. Raises AddressTaken, ContractUnknown.
    """
    contract = Contract.objects.select_for_update().select_related("customer").filter(pk=contract_id).first()
    if contract is None:
        raise ContractUnknown(contract_id)
    tenant = contract.tenant or _row(slug, name, contract, now, is_shared)
    provision(tenant.pk)
    if tenant.state == Tenant.State.OPENING:
        _seed(tenant, now, by)
    if contract.state != Contract.State.RUNNING:
        contract.tenant = tenant
        contract.state = Contract.State.RUNNING
        contract.save(update_fields=["tenant", "state"])
    return tenant


def _row(slug: str, name: str, contract: Contract, now: datetime, is_shared: bool) -> Tenant:
    if slug == settings.SHARED_TENANT and not is_shared:
        raise AddressTaken(slug)
    taken = Tenant.objects.select_for_update().filter(slug=slug).first()
    if taken is not None:
        if taken.contracts.filter(customer_id=contract.customer_id).exists():
            return taken
        raise AddressTaken(slug)
    tenant = Tenant(
        slug=slug,
        name=name,
        country=contract.customer.country,
        subdivision=contract.customer.subdivision,
        language=contract.customer.language,
        created_at=now,
        is_shared=is_shared,
    )
    tenant.full_clean(
        exclude=["schema_name"], validate_unique=False
    )  # nobody has the address: asked above, locked
    tenant.save(force_insert=True)
    return tenant


def _seed(tenant: Tenant, now: datetime, by: Actor | None) -> None:
    tenant.state = Tenant.State.OPEN
    tenant.opened_at = now
    tenant.schema_version = wanted_version()
    tenant.save(update_fields=["state", "opened_at", "schema_version"])
    domain = Domain(domain=f"{tenant.slug}.{settings.PUBLIC_HOST}", tenant=tenant)
    Domain.objects.bulk_create([domain], ignore_conflicts=True)
    log_action("tenant.opened", by=by, on=tenant, at=now, facts={"slug": tenant.slug})
    with inside(tenant):
        for seed in provisioning_hooks():
            seed(tenant, now)
        log_action(
            "tenant.opened", by=None, on=tenant.pk, at=now, facts={"schema_version": tenant.schema_version}
        )
