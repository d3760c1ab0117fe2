"""What workflows do about what they hear."""

from datetime import date, datetime

from billing.invoicing.models import Invoice
from billing.registry import listens
from billing.workflows.actions.charge_saved_method import postpone_charge


@listens("invoice_deferred")
def it_is_charged_later(*, invoice: Invoice, until: date, now: datetime) -> None:
    """Put off the day the saved method is charged."""
    postpone_charge(invoice, until=until, now=now)
