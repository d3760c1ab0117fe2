"""What collections does about what it hears."""

from datetime import date, datetime

from billing.collections.actions.stop_pressing import stop_pressing
from billing.invoicing.models import Invoice
from billing.registry import listens


@listens("invoice_paid")
def nothing_is_left_to_press_for(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Stop pressing for the invoice's money; give back the access it had stopped."""
    stop_pressing(invoice=invoice, now=now)
