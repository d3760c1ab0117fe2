"""Credit lines of an order's invoice over all its invoices: the rest it asked, then its down payments."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited, credit_over_order
from billing.invoicing.queries.credits import down_payments_left, left_of, lines_left, still_owed, tax_row
from billing.invoicing.queries.natures import taken_by_nature


@transaction.atomic
def credit_order(
    *,
    corrects: Invoice,
    amounts: Mapping[int, int],
    reason: object,
    by: Actor | None,
    now: datetime,
    today: date,
    credited_from: date | None = None,
) -> list[Invoice]:
    """Return the credit notes of so many net cents by line position: one for each invoice concerned.

    What goes beyond the rest that an invoice asked comes back from the down payments it deducted; discounts
    go back once all else has. `credited_from`: as `credit_invoice` takes it.
    Raises TooMuchCredited, NothingCredited, NotAnInvoice.
    """
    told: dict[str, Any] = {"reason": reason, "by": by, "now": now, "today": today}
    told["credited_from"] = credited_from
    deposits = _locked(corrects)
    found = credit_over_order(amounts, lines_left(corrects), down_payments_left(deposits))
    notes = [_credited(corrects, found.amounts, told)]
    wanted = dict(found.from_down_payments)
    taken = taken_by_nature(corrects, found.amounts)
    for deposit in deposits:
        notes.append(_credited(deposit, _share(deposit, wanted), told | {"taken": taken}))
    if not any(notes):
        raise NothingCredited
    return [note for note in notes if note is not None]


@transaction.atomic
def credit_whole_order(
    *,
    corrects: Invoice,
    reason: object,
    by: Actor | None,
    now: datetime,
    today: date,
    credited_from: date | None = None,
) -> list[Invoice]:
    """Return the credit notes of exactly what is left over an invoice's order, its down payments included.

    Raises NothingCredited, NotAnInvoice.
    """
    told: dict[str, Any] = {"reason": reason, "by": by, "now": now, "today": today}
    told["credited_from"] = credited_from
    deposits = _locked(corrects)
    whole = {line.position: cents for line, cents in left_of(corrects) if cents > 0}
    notes = []
    if amounts := still_owed(corrects, whole):
        notes += credit_order(corrects=corrects, amounts=amounts, **told)
    for deposit in deposits:
        with suppress(NothingCredited):  # all of it went back with the invoice
            notes.append(credit_invoice(corrects=deposit, **told))
    if not notes:
        raise NothingCredited
    return notes


def _locked(invoice: Invoice) -> list[Invoice]:
    """Return the down payments of an invoice's order, all of its invoices under lock."""
    if invoice.is_down_payment or not invoice.order_id:
        return []
    asked = Invoice.objects.select_for_update(of=("self",)).filter(order_id=invoice.order_id)
    rows = asked.filter(kind=Invoice.Kind.INVOICE).order_by("created_at", "pk")
    return [each for each in rows if each.is_down_payment]


def _credited(invoice: Invoice, amounts: Mapping[int, int], told: dict[str, Any]) -> Invoice | None:
    with suppress(NothingCredited):  # what it asked is unchanged: the down payment gives all of it
        return credit_invoice(corrects=invoice, amounts=amounts, **told)
    return None


def _share(deposit: Invoice, wanted: dict[str, int]) -> dict[int, int]:
    """Return by position what a down payment gives of what is wanted by tax, which goes down by it."""
    found = {}
    for line, left in left_of(deposit):
        part = min(wanted.get(tax_row(line), 0), left)
        if part > 0:
            found[line.position] = part
            wanted[tax_row(line)] -= part
    return found
