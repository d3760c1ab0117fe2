"""What can be paid online."""

from __future__ import annotations

from billing.models import Invoice, Order, Product
from billing.policy.online import CARD, DEBIT, methods_online

OURS = {"card": CARD, "sepa_debit": DEBIT}  # the catalogue's names of them


def online_methods(document: Invoice | Order) -> tuple[str, ...]:
    """Return how a document can be paid on the provider's page.

    What every product sold on it allows (LG-S6.2).

    Where cards are taken a SEPA debit on the same page is too.
    """
    if isinstance(document, Invoice) and document.is_credit_note:
        return ()
    allowed = frozenset({CARD, DEBIT})
    sold = [line.product_id for line in document.lines.all() if line.product_id]
    for methods in Product.objects.filter(pk__in=sold).values_list("methods", flat=True):
        allowed &= {OURS[method] for method in methods if method in OURS} | (
            {DEBIT} if CARD in methods else set()
        )
    return methods_online(allowed, currency=document.currency)


def invoice_to_pay(order: Order) -> Invoice | None:
    """Return the invoice by which an order is paid; None while it waits for the money that makes it."""
    issued = order.invoices.filter(kind=Invoice.Kind.INVOICE, is_deposit=False)
    return issued.order_by("issued_on", "number").first()
