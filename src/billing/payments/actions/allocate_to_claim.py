"""Put money on a claim for late interest, or take it away from it."""

from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.payments.models import ClaimAllocation
from billing.registry import announce


def put_on_claim(
    *, payment_id: UUID, claim_id: UUID, cents: int, by: Actor | None, now: datetime
) -> ClaimAllocation:
    """Return a new share of a payment in a claim; the database refuses more than either holds."""
    row = ClaimAllocation.objects.create(
        payment_id=payment_id, claim_id=claim_id, amount_cents=cents, allocated_at=now
    )
    facts = {"amount_cents": cents, "claim_id": str(claim_id)}
    log_action("payment.allocated", by=by, on=payment_id, at=now, facts=facts)
    announce("claim_share_moved", share=row, now=now)
    return row


def release_from_claim(row: ClaimAllocation, *, reason: str, by: Actor | None, now: datetime) -> None:
    """End a share of a claim: it pays nothing from now on, and says why."""
    ClaimAllocation.objects.filter(pk=row.pk, released_at=None).update(
        released_at=now, release_reason=reason[:300]
    )
    facts = {"amount_cents": row.amount_cents, "claim_id": str(row.claim_id)}
    log_action("payment.released", by=by, on=row.payment_id, at=now, facts=facts, personal={"reason": reason})
    announce("claim_share_moved", share=row, now=now)
