"""Words of orders placed online."""

from django import template
from django.utils.translation import gettext_lazy, pgettext_lazy

register = template.Library()

REASONS = {
    "fraud_suspected": gettext_lazy("fraud is suspected"),
    "overdue": gettext_lazy("an amount is overdue"),
    "disputed": gettext_lazy("a payment is contested"),
    "abnormal_quantity": gettext_lazy("the quantity is abnormal for a household"),
    "price_error": gettext_lazy("manifest price error"),
}
TOLD = REASONS | {"unpaid_online": gettext_lazy("it was not paid within a day")}
RENEWALS = {
    "fixed": pgettext_lazy("renewal", "ends by itself"),
    "automatic": pgettext_lazy("renewal", "renews by itself"),
}


@register.filter
def renewal_words(renews: str) -> str:
    """Return what happens at the end of a term, in words."""
    return str(RENEWALS.get(renews, renews))
