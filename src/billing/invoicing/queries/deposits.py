"""What an order's deposits take off its invoice."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.queries.credits import left_of
from contracts.labels import day_text


def deductions(invoice: Invoice, *, first: int) -> list[InvoiceLine]:
    """Return one line per deposit and rate, for what was asked and not taken back since."""
    found: list[InvoiceLine] = []
    deposits = Invoice.objects.filter(order=invoice.order, is_down_payment=True, kind=Invoice.Kind.INVOICE)
    for deposit in deposits.order_by("issued_on", "number"):
        with override(invoice.language):
            details = {"number": deposit.number, "day": day_text(deposit.issued_on)}
            words = _("Deposit deducted: invoice %(number)s of %(day)s") % details
        for line, left in left_of(deposit):
            if left:
                terms = line.terms() | {
                    "position": first + len(found),
                    "quantity": 1,
                    "unit_net_cents": -left,
                    "unit_gross_cents": None,
                }
                found.append(
                    InvoiceLine(invoice_id=invoice.id, deducts=line, **terms | {"description": words})
                )
    return found
