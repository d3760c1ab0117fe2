"""Pay back what was withdrawn from: credit notes for what can't be held back any more, then the money."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.policy.actor import Actor
from billing.invoicing.models import Invoice
from billing.money.policy.days import day_starts_at
from billing.orders.models import Order
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.returns.actions.credit_order_changes import credit_order_changes, is_fully_refunded
from billing.returns.models import Withdrawal, WithdrawalCredit, WithdrawnLine
from billing.returns.policy.withdrawal import decision_due_on, refund_due_on
from contracts.policy.clauses import keeps

REASON = "withdrawal"

_WHY = gettext_lazy("Withdrawal of the consumer.")


@transaction.atomic
@keeps("LG-S22")
def refund_withdrawal(
    *, withdrawal_id: UUID, by: Actor | None, now: datetime, today: date, invoiced_on: date | None = None
) -> list[Invoice]:
    """Return the credit notes issued now for what was withdrawn from.

    The money they owe is asked to be given back.

    For goods only once they are here or proved to be sent. As often as wanted: nothing is credited or
    given twice. It is promised as soon as it is owed, whether a note is issued now or was before. What is
    `invoiced_on` a day after the withdrawal can't be paid back before that day.
    """
    withdrawal = Withdrawal.objects.select_for_update(of=("self",)).get(pk=withdrawal_id)
    order = Order.objects.select_for_update(of=("self",)).get(pk=withdrawal.order_id)
    notes = credit_order_changes(order=order, reason=_WHY, by=by, now=now, today=today)
    for note in notes:
        WithdrawalCredit.objects.create(withdrawal=withdrawal, note=note)
    for credit in withdrawal.credits.select_related("note"):
        refund_credit_note(note=credit.note, reason=REASON, by=by, now=now, today=today)
    if Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).exists():
        _promise(withdrawal, now, invoiced_on)
    return notes


@keeps("LG-S22")
def credit_withdrawn(*, order: Order, by: Actor | None, now: datetime, today: date) -> list[Invoice]:
    """Return the credit notes of what was withdrawn from before the order was invoiced today."""
    details: dict[str, Any] = {"by": by, "now": now, "today": today, "invoiced_on": today}
    withdrawals = Withdrawal.objects.filter(order=order).order_by("created_at")
    notes = [note for each in withdrawals for note in refund_withdrawal(withdrawal_id=each.pk, **details)]
    tell_refund(notes, now=now)
    return notes


def _promise(withdrawal: Withdrawal, now: datetime, invoiced_on: date | None) -> None:
    """Promise the money of what can't be held back any more.

    Looked after from now on, late after its last day.
    """
    for part in withdrawal.parts.select_related("back"):
        told = part.as_told
        day = refund_due_on(
            refund_by=withdrawal.refund_by, goods_out=told.goods_out, secured_on=told.secured_on
        )
        if day is None or told.is_refused:
            continue
        day = max(day, invoiced_on or day)
        open_obligation(
            "LG-S22",
            kind="refund",
            subject=withdrawal.id,
            due_at=day_starts_at(day + timedelta(days=1)),
            now=now,
            run_at=now + timedelta(hours=1),
            occurrence=str(day),
        )


@keeps("LG-S22")
def promise_decision(part: WithdrawnLine, *, now: datetime) -> None:
    """Promise to say what becomes of the price of goods that came back incomplete, and tell the client.

    Nothing is promised where their price can't be held back any more.
    """
    day = decision_due_on(part.as_told, refund_by=part.withdrawal.refund_by)
    back = part.back
    if day is None or back is None:
        return
    open_obligation(
        "LG-S22",
        kind="decision",
        subject=back.pk,
        due_at=day_starts_at(day + timedelta(days=1)),
        now=now,
        run_at=day_starts_at(day),
    )
    enqueue_message(
        "billing/return_incomplete", ids={"return": back.pk}, now=now, key=f"return-incomplete:{back.pk}"
    )
    wake_worker()


def tell_refund(notes: Iterable[Invoice], *, now: datetime) -> None:
    """Leave the mail that says what is given back of goods that came back, with its credit note."""
    for note in notes:
        enqueue_message(
            "billing/withdrawal_refunded",
            ids={"note": note.id},
            now=now,
            key=f"withdrawal-refunded:{note.id}",
        )
    wake_worker()


def is_paid_back(withdrawal: Withdrawal) -> bool:
    """Return whether all that is owed now was given back: nothing asked of a payment is still to be made."""
    notes = [credit.note for credit in withdrawal.credits.select_related("note")]
    return is_fully_refunded(withdrawal.order, notes, reason=REASON)
