"""Reasons that are kept as codes, in the reader's words; what a person typed stays as it is."""

from django import template
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.invoicing.models import Invoice
from billing.orders.labels import reason_words
from billing.orders.models import Order
from billing.orders.policy.states import ENDED
from billing.orders.queries.asked import was_credited_before
from billing.payments.models import Refund
from contracts.templatetags.ui import money_text

register = template.Library()

register.filter("reason_words", reason_words)


@register.filter
def cancelled_because(order: Order) -> str:
    """Return why an order is void, as its buyer reads it."""
    if order.cancel_reason == "withdrawal":
        return _("You withdrew from it. Credit notes take its invoices back.")
    if order.cancel_reason == "impossible":
        return _("We can’t deliver what you ordered any more. Credit notes take its invoices back.")
    if order.cancel_reason == "term":
        return _("The term it added to was over before it was paid. A credit note takes the invoice back.")
    notes = order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE)
    text = _why_void(order, notes.count())
    back = Refund.objects.active().filter(note__in=notes).aggregate(cents=Sum("amount_cents"))["cents"]
    paid = _("The %(amount)s you had paid of it are given back to you.")
    return f"{text} {paid % {'amount': money_text(back, order.currency)}}" if back else text


def _why_void(order: Order, notes: int) -> str:
    if order.cancel_reason == ENDED:
        return ngettext(
            "What it was for has ended before it began. A credit note takes the invoice back.",
            "What it was for has ended before it began. Credit notes take its invoices back.",
            notes,
        )
    if was_credited_before(order):
        return _("Credit notes had taken back all it asked: you owe nothing for it.")
    if order.cancellable_since is None:
        return ngettext(
            "A sum you owe is overdue. A credit note takes the invoice back; write to us for a new quote.",
            "A sum you owe is overdue. Credit notes take its invoices back; write to us for a new quote.",
            notes,
        )
    return ngettext(
        "It was not paid in time. A credit note takes the invoice back; write to us for a new quote.",
        "It was not paid in time. Credit notes take its invoices back; write to us for a new quote.",
        notes,
    )
