"""Put off the day an order can be cancelled, when its client was granted more time."""

from datetime import date, datetime

from billing.invoicing.models import Invoice
from billing.money.gateways.holidays import customer_holidays
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
    order.postpone(to=term.cancellable_from)
    schedule_cancellable(order=order, now=now)
