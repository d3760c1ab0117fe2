"""Credit an invoice as finance asks for it, and send the credit note to who is written to about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.credit_order import credit_order, credit_whole_order
from billing.invoicing.models import Invoice
from billing.invoicing.queries.credits import creditable
from billing.money.policy.days import paris_day
from billing.registry import announce, ask
from contracts.policy.clauses import keeps

WHOLE_ORDER = "order"

WHOLE_INVOICE = "invoice"


@transaction.atomic
@keeps("LG-S5.2d")
def credit_by_hand(
    *,
    corrects: Invoice,
    what: str | Mapping[int, int],
    reason: str,
    credited_from: date | None,
    by: Actor,
    now: datetime,
    today: date,
    stays: Mapping[int, int] | None = None,
) -> list[Invoice]:
    """Return the credit notes of what finance takes back; each leaves by mail.

    `what` is WHOLE_ORDER, WHOLE_INVOICE, or net cents by position. A thing that waits here leaves no more
    where its line is credited in full, and so many as `stays` says by position; else its price is lower.
    Raises what `credit_order` raises.
    """
    told: dict[str, Any] = {"reason": reason, "by": by, "now": now, "today": today}
    told |= {"corrects": corrects, "credited_from": credited_from}
    if what == WHOLE_ORDER:
        notes = credit_whole_order(**told)
    elif isinstance(what, str):
        notes = [credit_invoice(**told)]
    else:
        pieces = _taken_out(corrects, what, stays or {})
        notes = credit_order(amounts=what, **told)
        announce("things_credited", invoice=corrects, pieces=pieces, by=by, now=now)
    tell_credit_notes(notes, now=now)
    return notes


def _taken_out(invoice: Invoice, amounts: Mapping[int, int], stays: Mapping[int, int]) -> dict[int, int]:
    """Return by position how many things leave no more: all of a line that is credited in full."""
    left = {line.position: cents for line, cents in creditable(invoice)}
    here = ask("things_here", invoice)
    whole = {at: here[at] for at, cents in amounts.items() if at in here and cents >= left.get(at, 0)}
    return dict(stays) | whole


def tell_credit_notes(notes: Iterable[Invoice], *, now: datetime) -> None:
    """Leave the mail that brings each credit note and says what it changes; no other mail brings these."""
    for note in notes:
        enqueue_message(
            "billing/credit_note",
            ids={"note": note.id, "on": paris_day(now)},
            now=now,
            key=f"credit-note:{note.id}",
        )
    wake_worker()
