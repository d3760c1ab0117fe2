"""Words about tenants that pages share."""

from django import template
from django.utils.translation import get_language, gettext_lazy

from contracts.registry import profile_names

register = template.Library()

REASONS = {
    "unpaid": gettext_lazy("an invoice is unpaid"),
    "breach": gettext_lazy("breach of the contract"),
    "serious_breach": gettext_lazy("serious breach"),
    "repeated_breach": gettext_lazy("repeated breach"),
    "danger": gettext_lazy("danger to the service"),
    "injunction": gettext_lazy("injunction"),
    "subscription_ended": gettext_lazy("the subscription has ended"),
}


@register.filter
def offer(profile_key: str) -> str:
    """Return the name of the offer of a profile, in the reader's language."""
    return profile_names((get_language() or "fr")[:2]).get(profile_key, profile_key)


@register.filter
def state_reason(reason: str) -> str:
    """Return why a tenant is in its state, in words; what a person typed stays as it is."""
    return str(REASONS.get(reason, reason))
