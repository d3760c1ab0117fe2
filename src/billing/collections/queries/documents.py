"""What the statement of a late invoice shows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from billing.collections.models import InterestClaim
from billing.collections.queries.late import days_of, segments_of

MAX_DAYS = 1100


def interest_claim_document(claim: InterestClaim) -> dict[str, Any]:
    """Return the content of a claim for late interest, day by day."""
    segments = segments_of(claim.worksheet)
    days = days_of(segments)
    return {
        "claim": claim,
        "invoice": claim.invoice,
        "segments": segments,
        "days": days[:MAX_DAYS],
        "days_left_off": max(0, len(days) - MAX_DAYS),
        "rate_reason": claim.worksheet["rate_reason"],
        "rate_pct": claim.worksheet["rate_pct"],
        "left_out": any(one.ends_on < other.starts_on for one, other in pairwise(segments)),
        "buyer": claim.invoice.buyer,
        "seller": claim.invoice.seller,
        "claimed_cents": claim.worksheet.get("claimed_cents", 0),
        "counted_cents": claim.interest_cents + claim.worksheet.get("claimed_cents", 0),
        "grand_cents": claim.balance_cents + claim.total_cents,
    }
