"""Move the shares of a client's money: put one on an invoice, take it away, let a credit note stand there."""

from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.settle_invoice import announce_share_moved
from billing.invoicing.models import Allocation, Invoice


def put(*, payment_id: UUID, invoice: Invoice, cents: int, by: Actor | None, now: datetime) -> Allocation:
    """Return a new share of a payment in an invoice; the database refuses more than either holds."""
    row = Allocation.objects.create(
        payment_id=payment_id, invoice=invoice, amount_cents=cents, allocated_at=now
    )
    facts = {"amount_cents": cents, "invoice": invoice.number}
    log_action("payment.allocated", by=by, on=payment_id, at=now, facts=facts)
    announce_share_moved(row, now=now)
    return row


def release(row: Allocation, *, reason: str, by: Actor | None, now: datetime) -> None:
    """End a share: it pays nothing from now on, and says why."""
    assert row.payment_id is not None, "a credit note's share is never released"
    Allocation.objects.filter(pk=row.pk, released_at=None).update(
        released_at=now, release_reason=reason[:300]
    )
    facts = {"amount_cents": row.amount_cents, "invoice_id": str(row.invoice_id)}
    log_action("payment.released", by=by, on=row.payment_id, at=now, facts=facts, personal={"reason": reason})
    announce_share_moved(row, now=now)


def stand_in(
    row: Allocation, cents: int, *, note: Invoice, reason: str, by: Actor | None, now: datetime
) -> UUID:
    """Return the payment of which so many cents are free now: a credit note stands where they stood.

    The invoice stays paid.
    """
    assert row.payment_id is not None, "a credit note's share is never released"
    release(row, reason=reason, by=by, now=now)
    if rest := row.amount_cents - cents:
        put(payment_id=row.payment_id, invoice=row.invoice, cents=rest, by=by, now=now)
    share = Allocation.objects.create(
        credit_note=note, invoice=row.invoice, amount_cents=cents, allocated_at=now
    )
    announce_share_moved(share, now=now)
    return row.payment_id
