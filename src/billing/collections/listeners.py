"""What collections does about what it hears: it looks at what stands, whatever the news was."""

from collections.abc import Mapping
from datetime import date, datetime

from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.invoicing.models import Invoice
from billing.registry import listens


@listens("invoice_paid")
def what_stands_once_it_is_paid(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Bring reminders, warnings and access to what stands."""
    apply_debt_standing(invoice_id=invoice.pk, now=now)


@listens("invoice_credited")
def what_stands_once_it_is_credited(*, invoice: Invoice, now: datetime) -> None:
    """Bring reminders, warnings and access to what stands."""
    apply_debt_standing(invoice_id=invoice.pk, now=now)


@listens("invoice_unpaid_again")
def what_stands_while_it_is_unpaid(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Bring reminders, warnings and access to what stands."""
    apply_debt_standing(invoice_id=invoice.pk, now=now)
