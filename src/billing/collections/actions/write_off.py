"""Give up a receivable, in whole or in part; undone by its reversal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.tell_debt_moved import tell_debt_moved
from billing.collections.models import InterestClaim
from billing.collections.policy.write_off import loss_objections
from billing.collections.queries.write_offs import rest_of, settled_until
from billing.invoicing.actions.settle_invoice import sync_invoice_state
from billing.invoicing.models import Invoice, WriteOff
from billing.money.actions.check_period_open import check_period_open
from billing.registry import announce, ask
from contracts.policy.clauses import keeps

Receivable = Invoice | InterestClaim

_LESS = gettext_lazy("The amount asked was reduced.")


class AlreadyUndone(Exception):
    """Raised when a write-off was undone before."""


@dataclass(frozen=True, slots=True)
class LossTerms:
    """Why something is given up, in a word and in a sentence, and whether the loss is final."""

    reason: str
    words: str
    is_final: bool = False  # and the duplicate that article 272 asks for was sent


@transaction.atomic
@keeps("LG-S6.3x", "LG-S6.3p", "LG-S19")
def write_off_receivable(
    about: Receivable,
    *,
    cents: int,
    on: date,
    terms: LossTerms,
    by: Actor | None,
    now: datetime,
    today: date,
) -> WriteOff:
    """Return what was given up of an invoice or a claim: it is due no more, and the books say so.

    What stands decides the rest: reminders, suspension, orders. Raises NotARest, BadLossDay, NotALoss,
    PeriodClosed.
    """
    type(about)._default_manager.select_for_update(of=("self",)).get(pk=about.pk)
    first = settled_until(about)
    for refused in loss_objections(cents, on, rest_cents=rest_of(about), settled_until=first, today=today):
        raise refused
    check_period_open(on)
    is_invoice = isinstance(about, Invoice)
    row = WriteOff.objects.create(
        **_subject(about),
        amount_cents=cents,
        on=on,
        reason=terms.reason,
        words=terms.words,
        is_final=terms.is_final and is_invoice,
        parts=ask("loss_parts", about, cents) if is_invoice else [],
        made_by=getattr(by, "pk", None),
        created_at=now,
    )
    facts = {"number": about.number, "amount_cents": cents, "reason": row.reason, "final": row.is_final}
    log_action(
        "receivable.written_off", by=by, on=about.pk, at=now, facts=facts, personal={"words": terms.words}
    )
    _follow(row, about, now, today)
    return row


@transaction.atomic
@keeps("LG-S6.3x", "LG-S6.3p", "LG-S19")
def undo_write_off(row_id: UUID, *, reason: str, by: Actor | None, now: datetime, today: date) -> WriteOff:
    """Return a write-off that was a mistake, reversed today: what it gave up is asked again.

    Raises AlreadyUndone.
    """
    row = WriteOff.objects.select_for_update(of=("self",)).select_related("invoice", "claim").get(pk=row_id)
    if row.undone_on is not None:
        raise AlreadyUndone(row_id)
    check_period_open(today)
    row.mark_undone(on=max(today, row.on), at=now, reason=reason)
    about = about_of(row)
    facts = {"number": about.number, "amount_cents": row.amount_cents}
    log_action(
        "receivable.write_off_undone", by=by, on=about.pk, at=now, facts=facts, personal={"reason": reason}
    )
    _follow(row, about, now, today)
    return row


def about_of(row: WriteOff) -> Receivable:
    """Return the invoice or the claim a write-off is about."""
    about: Any = row.invoice or row.claim
    assert about is not None, "a write-off is about something"
    return about  # type: ignore[no-any-return]


def _subject(about: Receivable) -> dict[str, Any]:
    return {"invoice": about} if isinstance(about, Invoice) else {"claim": about}


def _follow(row: WriteOff, about: Receivable, now: datetime, today: date) -> None:
    """Tell the books, then bring what is promised about an invoice, and what waits, to what stands."""
    announce("write_off_moved", row=row, now=now)
    if isinstance(about, Invoice):
        sync_invoice_state(about, now=now, today=today)
    else:
        tell_debt_moved(about.invoice.customer_id, now=now)


def lift_write_offs(about: Receivable, *, by: Actor | None, now: datetime, today: date) -> list[WriteOff]:
    """Return what was given up of a receivable, undone: it is about to ask less."""
    rows = WriteOff.objects.active().filter(**_subject(about)).order_by("created_at")
    told: dict[str, Any] = {"reason": str(_LESS), "by": by, "now": now, "today": today}
    return [undo_write_off(row.pk, **told) for row in rows]


def put_write_offs_back(
    about: Receivable, lifted: Iterable[WriteOff], *, by: Actor | None, now: datetime, today: date
) -> None:
    """Give up again what was lifted, as far as something is left to pay."""
    for row in lifted:
        if cents := min(row.amount_cents, max(0, rest_of(about))):
            terms = LossTerms(row.reason, row.words, row.is_final)
            write_off_receivable(about, cents=cents, on=today, terms=terms, by=by, now=now, today=today)
