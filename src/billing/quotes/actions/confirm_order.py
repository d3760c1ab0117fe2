"""Make a firm order of a signed quote."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from billing.invoicing.models import Invoice
from billing.money.gateways.holidays import customer_holidays
from billing.money.policy.address import address_kept
from billing.orders.actions.create_order import Ordered, OrderedLine, OrderedSite, Origin, create_order
from billing.orders.actions.issue_invoice import issue_down_payment, issue_invoice
from billing.orders.actions.mark_order_ready import open_on_specific_terms
from billing.orders.actions.payment_deadline import business_days_of
from billing.orders.actions.record_checkout_step import confirmation_key
from billing.orders.models import Order
from billing.orders.policy.orders import payment_term
from billing.orders.queries.offers import offers_of
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.content import parts_of


@transaction.atomic
def confirm_order(*, version: QuoteVersion, now: datetime, today: date) -> Order:
    """Return the order of a signed version, with its sites and lines, its invoice issued.

    Opens the promise to mark it cancellable once its business days have passed unpaid (LG-S5.2c). A later due
    date agreed in the quote moves that day too. Only specific terms signed with it let it open unpaid.
    """
    customer = version.quote.customer
    counted_from = max(today, version.extended_until or today)
    term = payment_term(
        quoted_on=version.issued_on,
        confirmed_on=today,
        extended_until=version.extended_until,
        business_days=business_days_of(offers_of(version.lines.all()), on=today),
        holidays=customer_holidays(customer, counted_from),
    )
    ordered = _ordered(version, cancellable_on=term.cancellable_from)
    order = create_order(ordered=ordered, by=None, now=now, today=today)
    _first_invoice(order, version.down_payment_pct, now, today)
    open_on_specific_terms(order=order, now=now, today=today)
    enqueue_message(
        "billing/order_confirmed", ids={"order": order.id}, now=now, key=confirmation_key(order.id)
    )
    wake_worker()
    return order


def _first_invoice(order: Order, down_payment_pct: int, now: datetime, today: date) -> Invoice:
    """Return the invoice of the order, or that of its deposit where one was agreed and comes to anything.

    The order's own follows.
    """
    told: dict[str, Any] = {"order": order, "by": None, "now": now, "today": today}
    first = issue_down_payment(pct=down_payment_pct, **told) if down_payment_pct else None
    return first or issue_invoice(**told)


def _ordered(version: QuoteVersion, *, cancellable_on: date) -> Ordered:
    """Return what a signed version orders: all it says, its lines and its sites."""
    goes_to = address_kept(version.buyer.get("delivery"))
    sites, lines = parts_of(version)
    return Ordered(
        Origin.QUOTE,
        version.quote.customer,
        version.quote.contact,
        version.method,
        version.currency,
        [OrderedLine(says, site) for says, site in lines],
        [OrderedSite(**site) for site in sites],
        term_months=version.term_months,
        renewal=version.renewal,
        language=version.language,
        cancellable_on=cancellable_on,
        deliver_to=goes_to.kept() if goes_to else {},
        version_id=version.pk,
        capacity=version.purchase_capacity,
        deliver_by=version.deliver_by,
        facts={"quote": version.label},
    )
