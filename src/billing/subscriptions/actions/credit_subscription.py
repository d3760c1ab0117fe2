"""Credit what one order asked for one subscription, and leave what it asked for anything else."""

from contextlib import suppress
from datetime import date, datetime

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited, net_of_discounts
from billing.invoicing.queries.credits import left_of, lines_left
from billing.orders.actions.issue_invoice import final_invoice
from billing.orders.models import Order
from billing.subscriptions.models import Subscription


def is_alone(order: Order, subscription: Subscription) -> bool:
    """Return whether an order sells nothing but what is of this subscription."""
    others = order.lines.exclude(contract_id=subscription.contract_id).filter(product__isnull=False)
    return not others.exists()


def credit_subscription(
    *, order: Order, subscription: Subscription, reason: object, by: Actor | None, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes of what is left of an order for a subscription, none where nothing is.

    Its fees go with it where the order sells nothing else.
    """
    mine = order.lines.filter(contract_id=subscription.contract_id)
    positions = frozenset(mine.values_list("position", flat=True))
    alone = is_alone(order, subscription)
    if not alone and order.invoices.exists():  # a deposit says nothing of its lines: the sale is asked first
        final_invoice(order=order, by=by, now=now, today=today)
    rows = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("created_at")
    notes: list[Invoice] = []
    for invoice in rows if alone else rows.filter(is_down_payment=False):
        with suppress(NothingCredited):
            if alone:
                notes.append(credit_invoice(corrects=invoice, reason=reason, by=by, now=now, today=today))
                continue
            left = {line.position: cents for line, cents in left_of(invoice) if line.position in positions}
            amounts = net_of_discounts(left, lines_left(invoice))
            notes += credit_order(
                corrects=invoice, amounts=amounts, reason=reason, by=by, now=now, today=today
            )
    return notes
