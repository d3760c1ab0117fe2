"""Take back what claims for late interest asked too much."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from agenda.actions import enqueue_message
from audit.actions import log_action
from billing.collections.actions.write_off import lift_write_offs, put_write_offs_back
from billing.collections.models import InterestClaim
from billing.collections.policy.late_interest import (
    Claimed,
    InterestCalculation,
    InvalidCalculation,
    corrections,
    too_much_claimed,
)
from billing.collections.queries.claims import claim_with_balance
from billing.collections.queries.late import as_worksheet, calculate_interest, claimed_of, claims_net
from billing.invoicing.models import Invoice
from billing.money.gateways.rate_tables import interest_rates
from billing.money.models import NumberSeries
from billing.money.policy.days import paris_day
from billing.money.policy.numbering import document_number
from billing.money.policy.rates import UnknownRate
from billing.payments.actions.allocate_to_claim import put_on_claim, release_from_claim
from billing.payments.models import ClaimAllocation
from billing.registry import announce
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S6.3p", "LG-S6.3c", "LG-S6.3d")
def correct_claims(*, invoice: Invoice, now: datetime) -> list[InterestClaim]:
    """Return the corrections of an invoice's claims, each told to the client: what stands asks for less.

    A payment of an earlier day was recorded since, a credit note, or more time granted. As often as wanted.
    """
    claims = InterestClaim.objects.filter(invoice=invoice)
    as_of = claims.aggregate(day=Max("as_of"))["day"]
    if as_of is None:
        return []
    try:
        owed = calculate_interest(invoice, as_of, interest_rates())
    except (UnknownRate, InvalidCalculation):
        return []
    too_much = too_much_claimed(owed, claimed_of(invoice))
    rows = list(claims.filter(corrects=None).order_by("-created_at", "-number"))
    parts = corrections(too_much, [claims_net(row) for row in rows])
    found = [(row, part) for row, part in zip(rows, parts, strict=True) if part != Claimed(0, 0)]
    return [_correct(row, part, owed, now) for row, part in found]


def _correct(claim: InterestClaim, part: Claimed, owed: InterestCalculation, now: datetime) -> InterestClaim:
    """Return the correction of one claim: frozen like it, below zero, with the worksheet that leads to it.

    What was given up of the claim stands for what it still asks.
    """
    told: dict[str, Any] = {"by": None, "now": now, "today": paris_day(now)}
    lifted = lift_write_offs(claim, **told)
    year = paris_day(now).year
    made = InterestClaim.objects.create(
        number=document_number(
            "late_statement", year=year, rank=NumberSeries.objects.take("late_statement", year)
        ),
        invoice=claim.invoice,
        corrects=claim,
        as_of=claim.as_of,
        due_on=paris_day(now),
        customer_type=claim.customer_type,
        clause=claim.clause,
        currency=claim.currency,
        worksheet=as_worksheet(owed) | {"claimed_cents": owed.interest_cents + part.interest_cents},
        balance_cents=owed.unpaid_cents,
        interest_cents=-part.interest_cents,
        flat_fee_cents=-part.flat_fee_cents,
        total_cents=-part.interest_cents - part.flat_fee_cents,
        created_at=now,
    )
    facts = {"number": made.number, "corrects": claim.number, "total_cents": made.total_cents}
    log_action("late_statement.corrected", by=None, on=claim.pk, at=now, facts=facts)
    _free_what_is_too_much(claim, now)
    announce("claim_issued", claim=made, now=now)
    put_write_offs_back(claim, lifted, **told)
    enqueue_message(
        "billing/claim_corrected", ids={"claim": made.pk}, now=now, key=f"claim-corrected:{made.pk}"
    )
    return made


def _free_what_is_too_much(claim: InterestClaim, now: datetime) -> None:
    """Give back to the client's credit what pays more than the claim still asks, the last share first."""
    for share in ClaimAllocation.objects.active().filter(claim=claim).order_by("-allocated_at"):
        over = -claim_with_balance(claim.pk).left_cents
        if over <= 0:
            return
        release_from_claim(share, reason="the claim was corrected", by=None, now=now)
        if share.amount_cents > over:
            left = share.amount_cents - over
            put_on_claim(payment_id=share.payment_id, claim_id=claim.pk, cents=left, by=None, now=now)
