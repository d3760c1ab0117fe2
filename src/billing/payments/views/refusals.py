"""Why a buyer wasn't led to the provider's page, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from billing.payments.actions.start_checkout import NotOffered, OnItsWay
from billing.payments.gateways.stripe_checkout import NotConfigured, Unreachable

NOT_LED = (OnItsWay, NotOffered, NotConfigured, Unreachable)


def why_not_led(error: Exception) -> str:
    """Return why nobody is led to the provider's page, and what to do."""
    if isinstance(error, OnItsWay):
        return _("A direct debit for this is on its way: you have nothing to do.")
    if isinstance(error, NotOffered):
        return _("This can’t be paid online: see how to pay it below.")
    return _(
        "The payment page doesn’t answer at the moment. Nothing was charged: try again in a few minutes."
    )
