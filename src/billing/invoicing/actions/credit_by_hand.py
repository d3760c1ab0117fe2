"""Credit an invoice as finance asks for it, and send the credit note to who is written to about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.credit_order import credit_order, credit_whole_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import DeductedElsewhere, check_left, taken_out
from billing.invoicing.queries.credits import creditable, deducted_in
from billing.money.policy.days import paris_day
from billing.registry import announce, ask
from contracts.policy.clauses import keeps

WHOLE_ORDER = "order"

WHOLE_INVOICE = "invoice"

LONGEST_REASON = 200  # characters, as a document keeps it


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
    What was paid for it pays what the same order still asks.
    Raises DeductedElsewhere, and what `credit_order` raises.
    """
    if what == WHOLE_INVOICE and (deducting := deducted_in(corrects)) is not None:
        raise DeductedElsewhere(deducting.number)
    told: dict[str, Any] = {"reason": reason, "by": by, "now": now, "today": today}
    told |= {"corrects": corrects, "credited_from": credited_from}
    if what == WHOLE_ORDER:
        notes = credit_whole_order(**told)
    elif isinstance(what, str):
        notes = [credit_invoice(**told)]
    else:
        left = {line.position: cents for line, cents in creditable(corrects)}
        check_left(what, left)
        pieces = taken_out(what, left, here=ask("things_here", corrects), stays=stays or {})
        told["reason"] = _with_pieces(corrects, pieces, reason)
        notes = credit_order(amounts=what, **told)
        announce("things_credited", invoice=corrects, pieces=pieces, by=by, now=now)
    announce("order_credited", order_id=corrects.order_id, now=now, today=today)
    tell_credit_notes(notes, now=now)
    return notes


def _with_pieces(invoice: Invoice, pieces: Mapping[int, int], reason: str) -> str:
    """Return a reason with what leaves no more, in the language of the document."""
    names = dict(invoice.lines.values_list("position", "description"))
    things = ", ".join(f"{count} × {names[at]}" for at, count in sorted(pieces.items()) if count)
    if not things:
        return reason
    with override(invoice.language):
        text = _("%(reason)s. Leave no more: %(things)s.") % {"reason": reason.rstrip(". "), "things": things}
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"


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
