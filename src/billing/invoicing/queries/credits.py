"""What earlier credit notes left of a document."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Sum

from billing.invoicing.models import Allocation, Invoice, InvoiceLine
from billing.invoicing.policy.credit import Row


def left_of(invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """Return each line of a document with what can still be credited of it, excluding VAT, in cents."""
    taken = InvoiceLine.objects.filter(credits__invoice=invoice).values_list("credits_id")
    found = dict(taken.annotate(total=Sum(F("quantity") * F("unit_net_cents"))).order_by())
    return [
        (line, line.net_cents - found.get(line.id, 0)) for line in invoice.lines.select_related("product")
    ]


def vat_of(*documents: Invoice) -> dict[Row, tuple[int, int]]:
    """Return the net and the VAT of documents together, per rate, category and reason."""
    found: dict[Row, tuple[int, int]] = {}
    for row in (row for document in documents for row in document.vat_rows):
        rate = None if row["rate"] is None else Decimal(row["rate"])
        key = (rate, row.get("category") or "", row.get("reason") or "")
        net, vat = found.get(key, (0, 0))
        found[key] = (net + row["net_cents"], vat + row["vat_cents"])
    return found


def owed_by(note: Invoice) -> int:
    """Return what a credit note has not been taken off an invoice for: it is owed to the client, in cents."""
    given = Allocation.objects.active().filter(credit_note=note).aggregate(total=Sum("amount_cents"))["total"]
    return note.gross_cents - (given or 0)
