"""Put off the day an order can be cancelled: more time was granted, or what is left is asked only now."""

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction

from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.models import Invoice
from billing.money.gateways.holidays import customer_holidays
from billing.orders.actions.issue_invoice import InvoicedAlready, issue_final
from billing.orders.actions.mark_cancellable import schedule_cancellable
from billing.orders.actions.payment_deadline import business_days_of
from billing.orders.models import Order
from billing.orders.policy.orders import payment_term
from billing.orders.queries.offers import offers_of
from contracts.policy.clauses import keeps


@keeps("LG-S6.3d", "LG-S5.2c")
def postpone_order(*, invoice: Invoice, until: date, now: datetime) -> None:
    """Move the day on which an order that waits for an invoice's money becomes cancellable."""
    order = (
        Order.objects.select_for_update(of=("self",))
        .filter(invoices=invoice, state=Order.State.AWAITING_PAYMENT)
        .first()
    )
    if order is None:
        return
    term = payment_term(
        quoted_on=order.version.issued_on if order.version else order.confirmed_on,
        confirmed_on=order.confirmed_on,
        holidays=customer_holidays(order.customer, until),
        extended_until=until,
        business_days=business_days_of(offers_of(order.lines.all()), on=order.confirmed_on),
    )
    order.postpone(to=max(term.cancellable_from, order.cancellable_on))
    schedule_cancellable(order=order, now=now)


@transaction.atomic
@keeps("LG-S5.2c")
def ask_the_rest(*, invoice: Invoice, now: datetime, today: date) -> Invoice | None:
    """Return the invoice of what is left of an order once its deposit is paid, or its transfer proved, be it
    open on specific terms; while it waits, its days begin anew.

    None where nothing is left to be asked, or where a person must see to what its invoice lacks.
    """
    if not invoice.is_down_payment:
        return None
    order = Order.objects.filter(invoices=invoice).exclude(state=Order.State.CANCELLED).first()
    if order is None:
        return None
    with suppress(InvoicedAlready, NotAnInvoice), transaction.atomic():
        rest = issue_final(order_id=order.pk, by=None, now=now, today=today)
        if rest.gross_cents:
            postpone_order(invoice=rest, until=today, now=now)
        return rest
    return None
