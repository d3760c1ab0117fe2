"""Pay a claim for late interest: by a transfer that came, or by money the client has with us."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_with_balance
from billing.invoicing.actions.settle_invoice import sync_invoice_state
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import uncovered_cents
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_to_claim import put_on_claim
from billing.payments.actions.move_share import put
from billing.payments.actions.receive_on_account import receive_on_account
from billing.payments.models import Payment
from billing.payments.queries.money import unallocated_of
from contracts.policy.clauses import keeps


class NothingLeft(Exception):
    """Raised when the claim asks nothing more, or the payment has nothing left."""


@transaction.atomic
@keeps("LG-S6.3p", "LG-S6.3c")
def record_claim_transfer(
    claim_id: UUID,
    *,
    amount_cents: int,
    currency: str,
    credited_on: date,
    reference: str,
    by: Actor | None,
    now: datetime,
) -> Payment:
    """Return the transfer that pays a claim; what is too much pays its invoice, then is the client's credit.

    The claim's paper asks for both. Raises NothingLeft, PeriodClosed.
    """
    claim = InterestClaim.objects.select_related("invoice").get(pk=claim_id, currency=currency)
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=claim.invoice_id)
    payment = receive_on_account(
        customer_id=claim.invoice.customer_id,
        amount_cents=amount_cents,
        currency=currency,
        credited_on=credited_on,
        reference=reference or claim.number,
        by=by,
        now=now,
    )
    allocate_to_claim(claim_id=claim_id, payment_id=payment.pk, by=by, now=now)
    rest = min(unallocated_of(payment), uncovered_cents(invoice))
    if rest > 0:
        put(payment_id=payment.pk, invoice=invoice, cents=rest, by=by, now=now)
        sync_invoice_state(invoice, now=now, today=paris_day(now))
    return payment


@transaction.atomic
def allocate_to_claim(
    *, claim_id: UUID, payment_id: UUID, by: Actor | None, now: datetime, cents: int | None = None
) -> int:
    """Return how many cents of a payment's free money were put on a claim of the same client.

    As many as it asks and the payment has, or `cents`. Raises NothingLeft, also past that.
    """
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)  # first, wherever both are
    InterestClaim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    claim = claim_with_balance(claim_id)
    most = int(min(claim.left_cents, unallocated_of(payment)))
    cents = most if cents is None else cents
    same = (payment.customer_id, payment.currency) == (claim.invoice.customer_id, claim.currency)
    if not 0 < cents <= most or not same or not payment.has_arrived or claim.corrects_id:
        raise NothingLeft(claim.number)
    put_on_claim(payment_id=payment_id, claim_id=claim_id, cents=cents, by=by, now=now)
    facts = {"number": claim.number, "amount_cents": cents}
    log_action("late_statement.paid", by=by, on=claim.pk, at=now, facts=facts)
    return cents
