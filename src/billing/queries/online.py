"""What can be paid online."""

from __future__ import annotations

from billing.models import Invoice, Product
from billing.policy.online import CARD, DEBIT, methods_online


def online_methods(invoice: Invoice) -> tuple[str, ...]:
    """Return how an invoice can be paid on the provider's page: what every product sold on it allows (LG-S6.2).

    Where cards are taken a SEPA debit on the same page is too.
    """
    if invoice.is_credit_note:
        return ()
    allowed = frozenset({CARD, DEBIT})
    sold = Product.objects.filter(pk__in=invoice.lines.exclude(product=None).values("product"))
    for methods in sold.values_list("methods", flat=True):
        allowed &= frozenset(methods) | ({DEBIT} if CARD in methods else frozenset())
    return methods_online(allowed, currency=invoice.currency)
