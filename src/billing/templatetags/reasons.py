"""Reasons that are kept as codes, in the reader's words; what a person typed stays as it is."""

from django import template
from django.utils.translation import gettext as _

from billing.orders.labels import reason_words
from billing.orders.models import Order

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
    return _("It was not paid in time. A credit note takes the invoice back; write to us for a new quote.")
