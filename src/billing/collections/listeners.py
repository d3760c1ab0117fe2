"""What collections does about what it hears: it looks at what stands, whatever the news was."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from audit.policy.actor import Actor
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.collections.actions.pay_claim import allocate_to_claim, record_claim_transfer
from billing.collections.actions.tell_debt_moved import tell_debt_moved
from billing.collections.actions.write_off import lift_write_offs, put_write_offs_back
from billing.collections.queries import claims
from billing.invoicing.models import Invoice, WriteOff
from billing.payments.models import ClaimAllocation, Payment
from billing.payments.policy.matching import Candidate
from billing.registry import answers, listens


@listens("invoice_paid")
def what_stands_once_it_is_paid(*, invoice: Invoice, now: datetime, today: date) -> None:
    """Bring reminders, warnings and access to what stands."""
    apply_debt_standing(invoice_id=invoice.pk, now=now)


@listens("invoice_credited")
def what_stands_once_it_is_credited(*, invoice: Invoice, now: datetime) -> None:
    """Bring reminders, warnings and access to what stands."""
    apply_debt_standing(invoice_id=invoice.pk, now=now)


@listens("invoice_unpaid_again")
def what_stands_while_it_is_unpaid(*, invoice: Invoice, now: datetime, because: Mapping[str, str]) -> None:
    """Bring reminders, warnings and access to what stands."""
    apply_debt_standing(invoice_id=invoice.pk, now=now)


@listens("claim_share_moved")
def what_waits_for_a_claim(*, share: ClaimAllocation, now: datetime) -> None:
    """Tell those who wait for a claim to be paid that it may be."""
    tell_debt_moved(share.claim.invoice.customer_id, now=now)


@answers("write_offs_lifted")
def what_was_given_up_is_asked_again(
    invoice: Invoice, *, by: Actor | None, now: datetime, today: date
) -> list[WriteOff]:
    """Return what was given up of an invoice that is about to be credited, undone."""
    return lift_write_offs(invoice, by=by, now=now, today=today)


@listens("write_offs_put_back")
def what_is_still_left_is_given_up(
    *, invoice: Invoice, lifted: list[WriteOff], by: Actor | None, now: datetime, today: date
) -> None:
    """Give up again what a credit note left of it."""
    put_write_offs_back(invoice, lifted, by=by, now=now, today=today)


@answers("claim_candidates")
def claims_a_line_may_pay() -> list[Candidate]:
    """Return the claims for late interest that a line of the bank could pay."""
    return claims.claim_candidates()


@answers("claim_numbered")
def the_claim_of_a_number(number: str, *, currency: str) -> UUID | None:
    """Return the open claim of a number."""
    return claims.claim_numbered(number, currency=currency)


@answers("claim_paid")
def a_claim_is_paid(
    claim_id: UUID,
    *,
    amount_cents: int,
    currency: str,
    credited_on: date,
    reference: str,
    by: Actor,
    now: datetime,
) -> Payment:
    """Return the transfer that pays a claim."""
    return record_claim_transfer(
        claim_id,
        amount_cents=amount_cents,
        currency=currency,
        credited_on=credited_on,
        reference=reference,
        by=by,
        now=now,
    )


@answers("claim_given")
def a_part_of_a_payment_is_given_to_a_claim(
    claim_id: UUID, *, payment_id: UUID, cents: int, by: Actor, now: datetime
) -> int:
    """Return how many cents of a payment were put on a claim."""
    return allocate_to_claim(claim_id=claim_id, payment_id=payment_id, cents=cents, by=by, now=now)
