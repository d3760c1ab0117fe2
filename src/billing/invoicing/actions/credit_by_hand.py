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
from billing.money.policy.days import paris_day

WHOLE_ORDER = "order"

WHOLE_INVOICE = "invoice"


@transaction.atomic
def credit_by_hand(
    *,
    corrects: Invoice,
    what: str | Mapping[int, int],
    reason: str,
    credited_from: date | None,
    by: Actor,
    now: datetime,
    today: date,
) -> list[Invoice]:
    """Return the credit notes of what finance takes back; each leaves by mail.

    `what` is WHOLE_ORDER, WHOLE_INVOICE, or net cents by position. Raises what `credit_order` raises.
    """
    told: dict[str, Any] = {"reason": reason, "by": by, "now": now, "today": today}
    told |= {"corrects": corrects, "credited_from": credited_from}
    if what == WHOLE_ORDER:
        notes = credit_whole_order(**told)
    elif isinstance(what, str):
        notes = [credit_invoice(**told)]
    else:
        notes = credit_order(amounts=what, **told)
    tell_credit_notes(notes, now=now)
    return notes


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
