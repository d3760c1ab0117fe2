"""Words and parts of payments: online, by code, on slips and statements."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.gateways.stripe_checkout import is_configured
from billing.models import BankLine, Refund
from billing.policy.sepa_qr import sepa_qr_svg
from billing.queries.online import online_methods
from contracts.templatetags.ui import chip
from exports.gateways.pdf import data_uri

register = template.Library()

REFUND_STATES = {
    "asked": (pgettext_lazy("refund", "to be made"), "wait", ""),
    "made": (pgettext_lazy("refund", "made"), "good", ""),
    "failed": (pgettext_lazy("refund", "came back"), "wrong", ""),
}
LINE_STATES = {
    "waiting": (gettext_lazy("to be matched"), "wait", ""),
    "applied": (gettext_lazy("applied"), "good", ""),
    "set_aside": (gettext_lazy("set aside"), "", "ban"),
}


@register.simple_tag
def refund_state(refund: Refund) -> SafeString:
    """Return the state of a refund as a chip."""
    return chip(*REFUND_STATES[refund.state])


@register.simple_tag
def line_state(line: BankLine) -> SafeString:
    """Return the state of a bank's line as a chip."""
    return chip(*LINE_STATES[line.state])


@register.inclusion_tag("billing/portal/pay_online.html", takes_context=True)
def pay_online(context: Any, invoice: Any) -> dict[str, Any]:
    """Draw the button that leads to the provider's page, where an invoice can be paid there."""
    methods = online_methods(invoice) if is_configured() and invoice.balance_cents > 0 else ()
    on_its_way = bool(methods) and invoice.checkouts.filter(state="processing").exists()
    return {"invoice": invoice, "methods": methods, "on_its_way": on_its_way, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("billing/sepa_qr.html")
def sepa_qr(bank: dict[str, str], cents: int, currency: str, reference: str) -> dict[str, Any]:
    """Draw the code a bank's app reads; nothing where the transfer isn't one in euros."""
    if currency != "EUR" or cents <= 0:
        return {"code": ""}
    told = {"holder": bank["holder"], "iban": bank["iban"], "bic": bank["bic"], "reference": reference}
    return {"code": data_uri(sepa_qr_svg(cents=cents, **told).encode(), "image/svg+xml")}
