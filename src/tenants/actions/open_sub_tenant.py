"""Open a customer's circle in the tenant that all customers of its kind share."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.policy.profiles import Profile
from contracts.registry import profile
from isolation.context import inside
from tenants.actions.change_sub_tenant import change_sub_tenant
from tenants.actions.provision_tenant import ContractUnknown, provision_tenant
from tenants.models import Contract, Customer, SubTenant, Tenant
from tenants.registry import sub_tenant_maker


@transaction.atomic
def open_sub_tenant(
    *, contract_id: UUID, email: str, now: datetime, today: date, by: Actor | None = None
) -> SubTenant:
    """Return the contract's circle in the shared tenant, both open.

    Who has this address is invited to administer it.

    As often as wanted. A customer has one circle for each address that administers one, whatever they buy; it
    opens again when it had ended. Somebody who administers a circle already gets what they buy there. Run as
    the operator. Raises ContractUnknown.
    """
    contract = Contract.objects.select_for_update().filter(pk=contract_id).first()
    if contract is None:
        raise ContractUnknown(contract_id)
    tenant = open_shared_tenant(
        offer=profile(contract.profile_key, on=contract.profile_version), now=now, today=today
    )
    wanted = contract.sub_tenant_id or _known(contract.customer_id, tenant) or uuid4()
    with inside(tenant):
        found = sub_tenant_maker()(wanted, email, now)
    circle, is_new = SubTenant.objects.get_or_create(pk=found, defaults={"tenant": tenant, "created_at": now})
    contract.tenant = tenant
    contract.sub_tenant_id = circle.pk
    contract.state = Contract.State.RUNNING
    contract.save(update_fields=["tenant", "sub_tenant_id", "state"])
    if is_new:
        log_action("circle.opened", by=by, on=circle, at=now, facts={"tenant": str(tenant.pk)})
    elif circle.state == Tenant.State.ENDED:
        circle = change_sub_tenant(
            sub_tenant_id=circle.pk, state=Tenant.State.OPEN, reason="", now=now, by=by
        )
    return circle


def _known(customer_id: UUID, tenant: Tenant) -> UUID | None:
    ids = tenant.contracts.filter(customer_id=customer_id).exclude(sub_tenant_id=None).values("sub_tenant_id")
    rows = SubTenant.objects.filter(pk__in=ids).exclude(state=Tenant.State.ERASED)
    return rows.order_by("created_at").values_list("pk", flat=True).first()


@transaction.atomic
def open_shared_tenant(*, offer: Profile, now: datetime, today: date) -> Tenant:
    """Return the tenant that all customers of an offer share, opened when the first of them comes.

    Its own contract is the house's, without a licence and without an end, so that no customer's ends it. As
    the operator.
    """
    slug = settings.SHARED_TENANT
    tenant = Tenant.objects.filter(slug=slug, is_shared=True).exclude(state=Tenant.State.OPENING).first()
    if tenant is not None:
        return tenant
    name = offer.name["fr"]
    house = Customer.objects.create(name=name, email=offer.support.address, created_at=now)
    contract = Contract.objects.create(
        customer=house, profile_key=offer.key, profile_version=offer.version, starts_on=today, created_at=now
    )
    return provision_tenant(slug=slug, name=name, contract_id=contract.pk, is_shared=True, now=now)
