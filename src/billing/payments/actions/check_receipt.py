"""What is said against a payment that came in, all of it, before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing.catalogue.models.catalogue import PaymentMethodType
from billing.catalogue.policy.methods import CHEQUE_CURRENCY
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import uncovered_cents, written_off_of
from billing.money.actions.check_period_open import check_period_open
from billing.money.policy.closed import PeriodClosed
from billing.payments.actions.receive_cheque import NothingToPay, NotInEuros, TooMuch


def receipt_objections(
    *,
    invoice: Invoice | None,
    method: str,
    amount_cents: int | None,
    keep_surplus: bool,
    days: tuple[date | None, ...],
) -> Iterator[Exception]:
    """Yield what `receive_cheque` and `record_transfer` would raise one by one: NotInEuros, NothingToPay,
    TooMuch, PeriodClosed for each of the days. What isn't known yet objects to nothing.
    """
    if invoice is not None:
        if method == PaymentMethodType.CHEQUE and invoice.currency != CHEQUE_CURRENCY:
            yield NotInEuros(invoice.currency)
        if not keep_surplus:
            yield from _too_much(invoice, method, amount_cents or 0)
    for day in days:
        try:
            check_period_open(day)
        except PeriodClosed as closed:
            yield closed


def _too_much(invoice: Invoice, method: str, amount_cents: int) -> Iterator[Exception]:
    """Yield why an invoice takes no such amount; before a transfer, what was given up of it steps back."""
    stepping_back = written_off_of(invoice) if method == PaymentMethodType.TRANSFER else 0
    owed = uncovered_cents(invoice) + stepping_back
    if owed <= 0:
        yield NothingToPay(invoice.number)
    elif amount_cents > owed:
        yield TooMuch(owed)
