"""What can be paid online."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from billing.catalogue.models import Product
from billing.invoicing.models import Invoice
from billing.payments.policy.online import CARD, DEBIT, methods_online

OURS = {"card": CARD, "sepa_debit": DEBIT}  # the catalogue's names of them


class Payable(Protocol):
    """What can be paid online: a document with lines of products."""

    @property
    def pk(self) -> UUID:
        """Return its key."""

    @property
    def number(self) -> str:
        """Return its number, which the buyer reads on the provider's page."""

    @property
    def currency(self) -> str:
        """Return the currency it is paid in."""

    @property
    def lines(self) -> Any:
        """Return its lines."""


def online_methods(document: Payable) -> tuple[str, ...]:
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
