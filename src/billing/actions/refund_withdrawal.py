"""Pay back what was withdrawn from: credit notes for what can't be held back any more, then the money."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import owe, post
from agenda.loop import kick
from billing.actions.credit_invoice import credit_invoice
from billing.actions.give_back import give_back
from billing.actions.issue_invoice import issue_final
from billing.models import Invoice, Order, Refund, Withdrawal, WithdrawalCredit
from billing.policy.credit import NothingCredited
from billing.policy.days import day_starts_at
from billing.policy.withdrawal import beyond, refund_due_on, to_credit, withdrawn_cents
from billing.queries.credits import left_of, owed_by
from billing.queries.withdrawals import bought, tax_key

REASON = "withdrawal"


@transaction.atomic
def refund_withdrawal(
    *, withdrawal_id: UUID, by: Any, now: datetime, today: date, invoiced_on: date | None = None
) -> list[Invoice]:
    """Return the credit notes issued now for what was withdrawn from; the money they owe is asked to be given back.

    For goods only once they are here or proved to be sent. As often as wanted: nothing is credited or given twice.
    What is `invoiced_on` a day after the withdrawal can't be paid back before that day.
    Clause: LG-S22
    """
    withdrawal = Withdrawal.objects.select_for_update(of=("self",)).get(pk=withdrawal_id)
    order = Order.objects.select_for_update(of=("self",)).get(pk=withdrawal.order_id)
    notes = _credit(withdrawal, order, by, now, today)
    for note in notes:
        WithdrawalCredit.objects.create(withdrawal=withdrawal, note=note)
    for credit in withdrawal.credits.select_related("note"):
        give_back(note=credit.note, reason=REASON, by=by, now=now, today=today)
    if notes:
        _promise(withdrawal, now, invoiced_on)
    return notes


def credit_withdrawn(*, order: Order, by: Any, now: datetime, today: date) -> list[Invoice]:
    """Return the credit notes of what was withdrawn from before the order was invoiced today.

    Clause: LG-S22
    """
    told: dict[str, Any] = {"by": by, "now": now, "today": today, "invoiced_on": today}
    withdrawals = Withdrawal.objects.filter(order=order).order_by("created_at")
    notes = [note for each in withdrawals for note in refund_withdrawal(withdrawal_id=each.pk, **told)]
    tell_refund(notes, now=now)
    return notes


def _promise(withdrawal: Withdrawal, now: datetime, invoiced_on: date | None) -> None:
    """Promise the money of what can't be held back any more: looked after from now on, late after its last day."""
    for part in withdrawal.parts.select_related("back"):
        secured_on = part.secured_on
        day = refund_due_on(refund_by=withdrawal.refund_by, goods_out=part.back_id is not None, secured_on=secured_on)
        if secured_on is None or day is None:
            continue
        day = max(day, invoiced_on or day)
        owe("LG-S22", kind="refund", subject=withdrawal.id, due_at=day_starts_at(day + timedelta(days=1)), now=now,
            run_at=now + timedelta(hours=1), occurrence=str(day))  # fmt: skip


def tell_refund(notes: Iterable[Invoice], *, now: datetime) -> None:
    """Leave the mail that says what is given back of goods that came back, with its credit note."""
    for note in notes:
        post("billing/withdrawal_refunded", ids={"note": note.id}, now=now, key=f"withdrawal-refunded:{note.id}")
    kick()


def _credit(withdrawal: Withdrawal, order: Order, by: Any, now: datetime, today: date) -> list[Invoice]:
    told: dict[str, Any] = {"by": by, "now": now, "today": today}
    lines = bought(order, on=today)
    asked = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("created_at")
    if not asked or not any(line.withdrawn for line in lines):
        return []
    if not any(line.kept for line in lines if line.kind == "product"):
        found = [_credited(each, None, told) for each in asked]
        return [note for note in found if note is not None]
    final = asked.filter(is_deposit=False).last() or issue_final(order_id=order.pk, **told)
    amounts, from_deposits = _amounts(final, withdrawn_cents(lines))
    notes = [_credited(final, amounts, told) if amounts else None]
    for deposit in asked.filter(is_deposit=True):
        taken = _from_deposit(deposit, from_deposits)
        notes.append(_credited(deposit, taken, told) if taken else None)
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


def is_paid_back(withdrawal: Withdrawal) -> bool:
    """Return whether all that is owed now was given back: nothing asked of a payment is still to be made."""
    if any(owed_by(credit.note) for credit in withdrawal.credits.select_related("note")):
        return False
    asked = Refund.objects.standing().filter(made_on=None, reason=REASON)
    return not asked.filter(payment__allocations__invoice__order=withdrawal.order_id).exists()
