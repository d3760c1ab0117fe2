"""What the invoices of an order asked, and what of it stands."""

from __future__ import annotations

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.queries.balances import with_credited
from billing.invoicing.queries.credits import lines_standing
from billing.orders.models import Order
from billing.orders.policy.orders import AskedFor, is_sale_taken_back


def asked_for(order: Order) -> list[AskedFor]:
    """Return what each invoice of an order asked, what was taken back of it, and what is left to pay."""
    rows = with_credited(Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE))
    standing = lines_standing(InvoiceLine.objects.filter(invoice__order=order))
    with_lines = set(standing.values_list("invoice", flat=True))
    return [
        AskedFor(
            row.gross_cents,
            row.credited_cents,
            row.balance_cents,
            was_written_off=row.written_off_cents > 0,
            is_down_payment=row.is_down_payment,
            has_lines_left=row.pk in with_lines,
        )
        for row in rows
    ]


def was_credited_before(order: Order) -> bool:
    """Return whether a cancelled order had been credited whole before: cancelling it took nothing back."""
    notes = Invoice.objects.filter(order=order, kind=Invoice.Kind.CREDIT_NOTE)
    return not notes.filter(created_at__gte=order.cancelled_at).exists()


def is_taken_back(order: Order) -> bool:
    """Return whether credit notes took back what an order sold."""
    return is_sale_taken_back(asked_for(order))
