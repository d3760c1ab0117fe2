"""What the templates of documents read: the same for the page and the paper."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, ProForma, Transmission
from billing.invoicing.queries.credits import is_whole


def title_of(invoice: Invoice) -> SimpleLazyObject[str]:
    """Return what an issued document is called, in the language it will be written in."""

    def words() -> str:
        if invoice.is_credit_note:
            return _("Credit note")
        return _("Deposit invoice") if invoice.is_down_payment else _("Invoice")

    return SimpleLazyObject(words)


def invoice_document(invoice: Invoice) -> dict[str, Any]:
    """Return the content of an invoice or a credit note, as it was frozen."""
    return {
        "invoice": invoice,
        "title": title_of(invoice),
        "is_whole": is_whole(invoice),
        "lines": list(invoice.lines.all()),
        "vat_rows": invoice.vat_rows,
        "buyer": invoice.buyer,
        "seller": invoice.seller,
        "mentions": [row["text"] for row in invoice.mentions if row["key"] != "seller"],
        "seller_line": next((row["text"] for row in invoice.mentions if row["key"] == "seller"), ""),
        "order": invoice.order,
        "left_to_pay": invoice.gross_cents - invoice.prepaid_cents,
    }


def pro_forma_document(pro_forma: ProForma) -> dict[str, Any]:
    """Return the content of a pro forma, as it was frozen."""
    return {
        "pro_forma": pro_forma,
        "version": pro_forma.version,
        "lines": list(pro_forma.lines.all()),
        "vat_rows": pro_forma.vat_rows,
        "buyer": pro_forma.buyer,
        "seller": pro_forma.seller,
    }


def transmission_of(invoice: Invoice) -> Transmission | None:
    """Return the way of a document to its recipient with its events, None for one issued before there were
    any.
    """
    return Transmission.objects.filter(invoice_id=invoice.pk).prefetch_related("events").first()
