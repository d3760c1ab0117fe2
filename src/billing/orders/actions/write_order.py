"""Make a firm order without a quote, for a client who is known.

Its lines, its invoice, what waits for its money.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.catalogue.actions.price_lines import LineDraft, price_lines
from billing.catalogue.models.lines import totals_of
from billing.catalogue.policy.discount import Discount
from billing.customers.models import Contact
from billing.customers.policy.clients import capacity
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.orders.actions.await_money import wait_of
from billing.orders.actions.conclude_online import confirmation_key
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.actions.keep_offers import keep_offers
from billing.orders.actions.mark_cancellable import schedule_cancellable
from billing.orders.models import Order, OrderLine, OrderSite
from contracts.policy.clauses import keeps
from tenants.models import Contract, Tenant


@transaction.atomic
@keeps("LG-S5.2c", "LG-S30")
def write_order(
    *,
    contact: Contact,
    lines: Sequence[LineDraft],
    contract: Contract,
    method: str,
    term_months: int,
    renews: str,
    currency: str,
    terms_version: UUID,
    now: datetime,
    today: date,
) -> Order:
    """Return the order of who goes on with a contract, its invoice issued and due at once, the terms accepted
    kept with it.

    It is for the contract's tenant, as its site; one that many share is no site of anybody's. Cancellable as
    any order once the business days of its offer have passed unpaid. Raises NotAnInvoice, UnknownRate.
    """
    customer = contact.customer
    waits = wait_of(customer, offer=contract.profile_key, today=today)
    priced = price_lines(
        customer=customer,
        lines=lines,
        discount=Discount(),
        shipping_cents=0,
        method=method,
        language=contact.language,
        today=today,
    )
    rank = NumberSeries.objects.take("order", today.year)
    order = Order(
        number=document_number("order", year=today.year, rank=rank),
        customer=customer,
        contact=contact,
        method=method,
        term_months=term_months,
        renews=renews,
        currency=currency,
        confirmed_at=now,
        confirmed_on=today,
        cancellable_on=waits.cancellable_from,
        terms_version=terms_version,
        risk_on=None if capacity(customer.client).consumer_protections else today,
    )
    order.put(totals_of(priced))
    order.save(force_insert=True)
    site = _site(order, contract.tenant)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            site=site if line.product else None,
            **line.changes(),
            **line.terms(),
        )
        for line in priced
    )
    keep_offers(order=order, language=contact.language, now=now, today=today)
    log_action(
        "order.confirmed",
        by=contact,
        on=order,
        at=now,
        facts={"number": order.number, "terms": str(terms_version)},
    )
    issue_invoice(order=order, by=None, now=now, today=today)
    schedule_cancellable(order=order, now=now)
    enqueue_message(
        "billing/order_confirmed", ids={"order": order.id}, now=now, key=confirmation_key(order.id)
    )
    wake_worker()
    return order


def _site(order: Order, tenant: Tenant | None) -> OrderSite | None:
    if tenant is None or tenant.is_shared:
        return None
    return OrderSite.objects.create(order=order, name=tenant.name, slug=tenant.slug, tenant_id=tenant.pk)
