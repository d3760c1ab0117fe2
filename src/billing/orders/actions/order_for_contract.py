"""Make a firm order without a quote, for a client who is known.

Its lines, its invoice, what waits for its money.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from billing.catalogue.actions.price_lines import LineDraft, PricedLine, price_lines
from billing.catalogue.policy.discount import Discount
from billing.customers.models import Contact
from billing.customers.policy.clients import PurchaseCapacity
from billing.orders.actions.create_order import Ordered, OrderedLine, OrderedSite, Origin, create_order
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.actions.payment_deadline import payment_deadline_of
from billing.orders.actions.record_checkout_step import confirmation_key
from billing.orders.models import CheckoutSteps, Order
from contracts.policy.clauses import keeps
from tenants.models import Contract, Tenant


@transaction.atomic
@keeps("LG-S5.2c", "LG-S30")
def order_for_contract(
    *,
    contact: Contact,
    lines: Sequence[LineDraft],
    contract: Contract,
    method: str,
    term_months: int,
    renewal: str,
    currency: str,
    terms_version: UUID,
    capacity: PurchaseCapacity,
    now: datetime,
    today: date,
) -> Order:
    """Return the order of who goes on with a contract, its invoice issued and due at once, the terms accepted
    kept with it.

    It is for the contract's tenant, as its site; one that many share is no site of anybody's. Cancellable as
    any order once the business days of its offer have passed unpaid. Raises NotAnInvoice, UnknownRate.
    """
    customer = contact.customer
    waits = payment_deadline_of(customer, offer=contract.profile_key, today=today)
    priced = price_lines(
        customer=customer,
        lines=lines,
        discount=Discount(),
        shipping_cents=0,
        method=method,
        language=contact.language,
        today=today,
        capacity=capacity,
    )
    site = _site(contract.tenant)
    ordered = Ordered(
        Origin.CONTRACT,
        customer,
        contact,
        method,
        currency,
        [_line(line, has_site=site is not None) for line in priced],
        [site] if site else [],
        term_months=term_months,
        renewal=renewal,
        language=contact.language,
        cancellable_on=waits.cancellable_from,
        terms_version=terms_version,
        capacity=capacity,
        facts={"terms": str(terms_version)},
    )
    order = create_order(ordered=ordered, by=contact, now=now, today=today)
    issue_invoice(order=order, by=None, now=now, today=today)
    _answer(order, terms_version, now)
    return order


def _answer(order: Order, terms_version: UUID, now: datetime) -> None:
    """Leave the mail that answers the order: its confirmation, or to who is protected how it is concluded."""
    if order.is_consumer_protected:
        _conclude_online(order, terms_version, now)
    else:
        key = confirmation_key(order.id)
        enqueue_message("billing/order_confirmed", ids={"order": order.id}, now=now, key=key)
    wake_worker()


@keeps("LG-S5.1", "LG-S22")
def _conclude_online(order: Order, terms_version: UUID, now: datetime) -> None:
    """Keep the first two steps of who has a consumer's protections: confirmed after a review, terms ticked.

    Payment and the confirmation that concludes it follow; until then the mail says how to pay.
    """
    CheckoutSteps.objects.create(
        order=order,
        language=order.language,
        cart_confirmed_at=now,
        terms_version=terms_version,
        terms_at=now,
    )
    key = f"order-received:{order.pk}"
    enqueue_message("billing/order_received", ids={"order": order.pk}, now=now, key=key)


def _line(line: PricedLine, *, has_site: bool) -> OrderedLine:
    return OrderedLine(line.changes() | line.terms(), 0 if has_site and line.product else None)


def _site(tenant: Tenant | None) -> OrderedSite | None:
    if tenant is None or tenant.is_shared:
        return None
    return OrderedSite(tenant.name, tenant.slug, tenant.pk)
