"""Reasons that are kept as codes, in the reader's words; what a person typed stays as it is."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Order
from billing.templatetags.orders import TOLD

register = template.Library()

WORDS = TOLD | {
    "withdrawal": gettext_lazy("withdrawal"),
    "impossible": gettext_lazy("can’t be delivered"),
    "term": gettext_lazy("its term was over"),
    "phased_out": gettext_lazy("the product was withdrawn from sale"),
    "button": gettext_lazy("ended by the client in the customer area"),
    "email": gettext_lazy("ended by the client by e-mail"),
    "breach": gettext_lazy("breach not remedied"),
    "suspended": gettext_lazy("suspended and not remedied"),
    "force_majeure": gettext_lazy("force majeure"),
    "trial": gettext_lazy("ended during the trial"),
    "shared out again": gettext_lazy("other money came for it"),
    "refunded": gettext_lazy("given back"),
    "order cancelled": gettext_lazy("the order was cancelled before the money came"),
    "made at the provider": gettext_lazy("made at the payment provider"),
}


@register.filter
def reason_words(reason: str) -> str:
    """Return a reason in words: our own in the reader's language, a person's as it was written."""
    return str(WORDS.get(reason, reason))


@register.filter
def cancelled_because(order: Order) -> str:
    """Return why an order is void, as its buyer reads it."""
    if order.cancel_reason == "withdrawal":
        return _("You withdrew from it. Credit notes take its invoices back.")
    if order.cancel_reason == "impossible":
        return _("We can’t deliver what you ordered any more. Credit notes take its invoices back.")
    return _("It was not paid in time. A credit note takes the invoice back; write to us for a new quote.")
