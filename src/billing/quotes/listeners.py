"""What quotes do about what they hear."""

from collections.abc import Mapping
from datetime import date, datetime

from billing.invoicing.models import Invoice
from billing.orders.models import Order
from billing.quotes.actions.amend_contracts import sync_amendments, take_back_amendments
from billing.registry import listens


@listens("order_cancelled")
def its_amendments_are_taken_back(*, order: Order, now: datetime) -> None:
    """Take from running contracts what the order had added."""
    take_back_amendments(order=order, now=now)


@listens("document_issued")
def what_is_taken_back_is_added_no_more(*, document: Invoice, now: datetime) -> None:
    """Take from running contracts what a credit note takes back in full."""
    if document.corrects is not None:
        sync_amendments(invoice=document.corrects, now=now)


@listens("invoice_paid")
def what_it_added_is_there_again(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Give running contracts what the invoice's order adds."""
    sync_amendments(invoice=invoice, now=now)


@listens("invoice_unpaid_again")
def what_it_added_waits(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Take from running contracts what isn't paid any more."""
    sync_amendments(invoice=invoice, now=now)
