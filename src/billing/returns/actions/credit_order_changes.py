"""Credit what goes back of an order, line by line.

Its price, and the delivery once nothing that ships is kept.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.invoicing.queries.credits import left_of, owed_by
from billing.orders.actions.issue_invoice import issue_final
from billing.orders.models import Order
from billing.payments.models import Refund
from billing.returns.policy.withdrawal import beyond, to_credit, withdrawn_cents
from billing.returns.queries.withdrawals import bought, tax_key
from contracts.policy.clauses import keeps


@keeps("LG-S22", "LG-S10.1")
def credit_order_changes(*, order: Order, by: Actor | None, now: datetime, today: date) -> list[Invoice]:
    """Return the credit notes issued now for what is kept no more of an order, or costs less than it did.

    As often as wanted: nothing is credited twice.
    """
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    lines = bought(order, on=today)
    asked = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("created_at")
    if not asked or not any(line.withdrawn or line.lowered_cents for line in lines):
        return []
    if not any(line.kept for line in lines if line.kind == "product"):
        found = [_credited(each, None, details) for each in asked]
        return [note for note in found if note is not None]
    final = asked.filter(is_down_payment=False).last() or issue_final(order_id=order.pk, **details)
    amounts, from_deposits = _amounts(final, withdrawn_cents(lines))
    notes = [_credited(final, amounts, details) if amounts else None]
    for deposit in asked.filter(is_down_payment=True):
        taken = _from_deposit(deposit, from_deposits)
        notes.append(_credited(deposit, taken, details) if taken else None)
    return [note for note in notes if note is not None]


def _credited(invoice: Invoice, amounts: Mapping[int, int] | None, told: dict[str, Any]) -> Invoice | None:
    with suppress(NothingCredited):  # taken back before
        return credit_invoice(corrects=invoice, amounts=amounts, **told)
    return None


def _amounts(final: Invoice, wanted: Mapping[int, int]) -> tuple[dict[int, int], dict[str, int]]:
    """Return what to credit of the order's invoice by position, and what its deposits have to give by tax."""
    left = left_of(final)
    rest = {line.position: cents for line, cents in left}
    credited = {line.position: line.net_cents - cents for line, cents in left}
    amounts = to_credit(wanted, credited=credited, left=rest)
    rows = [(line.position, tax_key(line), cents, line.kind == "deposit") for line, cents in left]
    back = beyond(amounts, rows)
    taxes = {line.position: tax_key(line) for line, _cents in left}
    from_deposits: dict[str, int] = {}
    for position, cents in back.items():
        from_deposits[taxes[position]] = from_deposits.get(taxes[position], 0) - cents
    return amounts | back, from_deposits


def _from_deposit(deposit: Invoice, wanted: dict[str, int]) -> dict[int, int]:
    found = {}
    for line, left in left_of(deposit):
        part = min(wanted.get(tax_key(line), 0), left)
        if part > 0:
            found[line.position] = part
            wanted[tax_key(line)] -= part
    return found


def is_fully_refunded(order: Order, notes: Iterable[Invoice], *, reason: str) -> bool:
    """Return whether all that these notes owe was given back.

    Nothing asked of a payment is still to be made.
    """
    if any(owed_by(note) for note in notes):
        return False
    asked = Refund.objects.active().filter(made_on=None, reason=reason)
    return not asked.filter(payment__allocations__invoice__order=order).exists()
