"""Words of orders placed online."""

from django import template

from billing.orders.labels import RENEWALS

register = template.Library()


@register.filter
def renewal_words(renewal: str) -> str:
    """Return what happens at the end of a term, in words."""
    return str(RENEWALS.get(renewal, renewal))
