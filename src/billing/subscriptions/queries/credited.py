"""Which credit notes of an order take back what one subscription was asked for."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from billing.invoicing.models import Invoice
from billing.subscriptions.models import Subscription


def credit_notes_of(subscription: Subscription) -> QuerySet[Invoice]:
    """Return the credit notes of the running term's order that take something of a subscription back.

    All of them where the order sells nothing else; else those of its lines, and of the down payment what was
    credited with them.
    """
    order_id = subscription.term.order_id
    notes = Invoice.objects.filter(order=order_id, kind=Invoice.Kind.CREDIT_NOTE)
    lines = subscription.term.order.lines.filter(product__isnull=False)
    if not lines.exclude(contract_id=subscription.contract_id).exists():
        return notes
    mine = lines.filter(contract_id=subscription.contract_id).values("position")
    own = notes.filter(corrects__is_down_payment=False, lines__credits__position__in=mine)
    with_them = Q(corrects__is_down_payment=True, created_at__in=own.values("created_at"))
    return notes.filter(Q(pk__in=own.values("pk")) | with_them)
