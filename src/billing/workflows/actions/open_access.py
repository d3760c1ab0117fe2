"""Open what a funded order sold: contracts, tenants, and the buyer's invitation."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from agenda.actions import enqueue_message
from audit.actions import log_action
from billing.fulfilment.actions.plan_delivery import plan_delivery
from billing.invoicing.models import Invoice
from billing.money.policy.calendar_months import add_months
from billing.orders.actions.mark_order_ready import schedule_opening
from billing.orders.actions.record_checkout_step import send_confirmation
from billing.orders.models import Order, OrderLine, OrderSite
from billing.orders.policy.states import ORDER
from billing.orders.queries.access import is_shared, tenants_of
from billing.orders.queries.sold import taken_back_positions
from billing.orders.queries.trial import trial_offered
from billing.quotes.actions.amend_contracts import amend_contracts
from billing.subscriptions.actions.apply_paid_renewals import apply_paid_renewals
from billing.subscriptions.actions.start_subscription import start_subscription
from billing.subscriptions.models import Subscription
from contracts.policy.clauses import keeps
from contracts.registry import profile
from isolation.context import inside
from people.actions.invite import invite
from tenants.actions.change_state import change_state
from tenants.actions.open_sub_tenant import open_sub_tenant
from tenants.actions.provision_tenant import provision_tenant
from tenants.models import Contract, SubTenant, Tenant
from tenants.policy.keeping import Reopening, reopening
from tenants.queries import asked_erasure_of


class NotFunded(Exception):
    """Raised when the money is not there (LG-S5.2d)."""


@transaction.atomic
@keeps("LG-S12", "LG-S14.1", "LG-S21.2")
def open_access(*, order_id: UUID, now: datetime, today: date) -> list[UUID]:
    """Return the tenants of a funded order, open.

    The buyer, or who was named for a site, is invited to administer it.

    What is sold with a shared address opens a circle in the tenant that all such customers share.

    What had ended opens again with all it held. One transaction: killed before its end nothing has happened,
    and the agenda begins again. As often as wanted: an order that is open, or on hold, stays as it is.
    Raises NotFunded.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state == Order.State.FULFILLED:
        return [tenant.pk for tenant in tenants_of(order)]
    if order.held_at is not None:
        return []
    if not ORDER.allows("fulfil", order.state):
        raise NotFunded(order.number)
    if waits_for := waiting_places(order):
        _wait(order, waits_for, now)
        return []
    apply_paid_renewals(order=order, now=now)
    amend_contracts(order=order, now=now)
    opens = opening(order).exists()
    circles = [_open_circle(order, line, now, today) for line in in_circles(order)]
    tenants = [tenant for site in order.sites.all() if (tenant := _open_site(order, site, now, today))]
    tenants += {circle.tenant_id: circle.tenant for circle in circles}.values()
    order.mark_open(at=now)
    plan_delivery(order=order, now=now, today=today)
    send_confirmation(order=order, now=now)
    if reader := order.reader_id:
        Invoice.objects.filter(order=order, tenant_id=None).update(tenant_id=reader)
    log_action(
        "order.opened", by=None, on=order, at=now, facts={"number": order.number, "tenants": len(tenants)}
    )
    if opens:
        enqueue_message(
            "billing/access_opened", ids={"order": order.id}, now=now, key=f"access-opened:{order.id}"
        )
    return [tenant.id for tenant in tenants]


@keeps("LG-S21.2")
def waiting_places(order: Order) -> list[Tenant]:
    """Return the tenants an order would open again whose controller had all of it deleted early.

    Their word stands until they take it back.
    """
    return [tenant for tenant in _places(order) if _reopening(tenant) == "wait"]


def _places(order: Order) -> list[Tenant]:
    """Return the tenants the sites of an order name: by themselves, or by the address of its customer's."""
    sites = order.sites.filter(lines__in=opening(order))
    own = Tenant.objects.filter(contracts__customer_id=order.customer_id, slug__in=sites.values("slug"))
    named = Tenant.objects.filter(pk__in=sites.exclude(tenant_id=None).values("tenant_id"))
    return list((named | own).distinct()) if sites.exists() else []


def _reopening(tenant: Tenant) -> Reopening:
    return reopening(tenant.state, is_deletion_asked=asked_erasure_of(tenant.pk) is not None)


def _wait(order: Order, tenants: list[Tenant], now: datetime) -> None:
    """Tell the buyer that the order waits, and each controller that their word is asked for."""
    for tenant in tenants:
        asked = asked_erasure_of(tenant.pk)
        assert asked is not None
        key = f"{order.id}:{tenant.pk}:{asked.occurrence}"
        ids = {"order": order.id, "tenant": tenant.pk, "erasure": asked.pk}
        enqueue_message("billing/opening_waits", ids=ids, now=now, key=f"opening-waits:{key}")
        enqueue_message(
            "dpa/reopening_waits", ids={}, now=now, key=f"reopening-waits:{key}", tenant_id=tenant.pk
        )
    facts = {"number": order.number, "tenants": [str(tenant.pk) for tenant in tenants]}
    log_action("order.waits", by=None, on=order, at=now, facts=facts)


@transaction.atomic
@keeps("LG-S21.2")
def open_what_waited(*, tenant_id: UUID, now: datetime) -> int:
    """Return how many orders open now that an early deletion was taken back, or is done."""
    rows = Order.objects.filter(state=Order.State.READY, held_at=None)
    waiting = rows.filter(sites__tenant_id=tenant_id) | rows.filter(
        customer__contracts__tenant_id=tenant_id, sites__isnull=False
    )
    orders = list(waiting.distinct())
    for order in orders:
        schedule_opening(order, now=now)
    return len(orders)


def opening(order: Order) -> QuerySet[OrderLine]:
    """Return the lines of an order that open a contract.

    Not an amendment's, a renewal's or an option's, nor what was withdrawn from or credited in full.
    """
    lines = order.lines.exclude(position__in=taken_back_positions(order))
    rows = lines.filter(licences_after=None, withdrawn=None, product__option_of=None).exclude(product=None)
    agreed = Subscription.objects.filter(renewal_order__isnull=False).values("contract")
    return rows.exclude(product__profile="").exclude(contract_id__in=agreed).select_related("product", "site")


def in_circles(order: Order) -> list[OrderLine]:
    """Return the lines that open a circle in a tenant shared by many, whatever site they name."""
    return [line for line in opening(order) if is_shared(line)]


def _open_circle(order: Order, line: OrderLine, now: datetime, today: date) -> SubTenant:
    """Return the buyer's circle, who is invited to administer it and nothing else."""
    contract = _contract(order, line, None, now, today)
    email = (line.site.admin_email if line.site else "") or order.contact.email
    circle = open_sub_tenant(contract_id=contract.pk, email=email, now=now, today=today)
    contract.refresh_from_db()
    _start(order, line, contract, now, today)
    return circle


def _start(order: Order, line: OrderLine, contract: Contract, now: datetime, today: date) -> None:
    OrderLine.objects.filter(pk=line.pk).update(contract_id=contract.pk)
    start_subscription(order=order, line=line, contract=contract, now=now, today=today)


def _open_site(order: Order, site: OrderSite, now: datetime, today: date) -> Tenant | None:
    """Return a site's tenant, or None when nothing sold for it opens anything."""
    tenant = Tenant.objects.filter(pk=site.tenant_id).first() if site.tenant_id else None
    if tenant is not None and _reopening(tenant) == "anew":
        tenant = None
    was_there = tenant is not None
    for line in opening(order).filter(site=site):
        if is_shared(line):
            continue
        contract = _contract(order, line, tenant, now, today)
        tenant = provision_tenant(slug=site.slug, name=site.name, contract_id=contract.id, now=now)
        contract.tenant = tenant
        _reopen(tenant, now)
        _start(order, line, contract, now, today)
    if tenant is None:
        return None
    site.tenant_id = tenant.id
    site.save(update_fields=["tenant_id"])
    if not was_there:
        email = site.admin_email or order.contact.email  # read out here: a tenant knows no buyers
        with inside(tenant):
            invite(email=email, role_key="administrator", by=None, now=now)
    return tenant


def _reopen(tenant: Tenant, now: datetime) -> None:
    """Open an ended tenant again, its data as they were (LG-S21.2)."""
    if _reopening(tenant) == "again":
        change_state(tenant_id=tenant.pk, state=Tenant.State.OPEN, reason="", now=now)
        log_action("subscription.reactivated", by=None, on=tenant, at=now)


def _contract(order: Order, line: OrderLine, tenant: Tenant | None, now: datetime, today: date) -> Contract:
    assert line.product is not None
    key = line.product.profile
    return Contract.objects.create(
        customer_id=order.customer_id,
        tenant=tenant,
        profile_key=key,
        profile_version=profile(key, on=today).version,
        licences=line.quantity,
        starts_on=today,
        ends_on=add_months(today + timedelta(days=trial_offered(order)), order.term_months),
        created_at=now,
    )
