"""Draw the claim for late interest of an invoice, as it stands on a day."""

from datetime import date, datetime

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import InterestClaim
from billing.collections.policy.late_interest import left_to_claim
from billing.collections.queries.documents import interest_claim_document
from billing.collections.queries.late import as_worksheet, calculate_interest, claimed_of
from billing.invoicing.models import Invoice
from billing.invoicing.policy.due import PAYMENT_DAYS, due_when_issued
from billing.money.actions.check_period_open import check_period_open
from billing.money.gateways.rate_tables import interest_rates
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.registry import announce
from contracts.policy.clauses import keeps
from exports.gateways.pdf import render


class NothingOwed(Exception):
    """Raised when no interest and no fee is owed on that day."""


@transaction.atomic
@keeps("LG-S6.3p", "LG-S6.3c")
def issue_interest_claim(
    *, invoice: Invoice, as_of: date, by: Actor | None, now: datetime, today: date
) -> InterestClaim:
    """Return the numbered claim: interest to the cent, the flat fee, and every segment that leads to them.

    What an earlier claim asked isn't asked again, the flat fee never twice. Outside VAT, and as frozen as an
    invoice. Raises NothingOwed, UnknownRate, InvalidCalculation.
    """
    check_period_open(today)
    Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    found = calculate_interest(invoice, as_of, interest_rates())
    asked = left_to_claim(found, claimed_of(invoice))
    if not asked.interest_cents and not asked.flat_fee_cents:
        raise NothingOwed(as_of)
    rank = NumberSeries.objects.take("late_statement", today.year)
    claim = InterestClaim.objects.create(
        number=document_number("late_statement", year=today.year, rank=rank),
        invoice=invoice,
        as_of=as_of,
        due_on=due_when_issued(today, payment_days=PAYMENT_DAYS),
        customer_type=found.customer_type,
        clause=found.clause,
        currency=invoice.currency,
        worksheet=as_worksheet(found) | {"claimed_cents": found.interest_cents - asked.interest_cents},
        balance_cents=found.unpaid_cents,
        interest_cents=asked.interest_cents,
        flat_fee_cents=asked.flat_fee_cents,
        total_cents=asked.interest_cents + asked.flat_fee_cents,
        created_at=now,
    )
    facts = {"number": claim.number, "invoice": invoice.number, "total_cents": claim.total_cents}
    log_action("late_statement.drawn", by=by, on=invoice, at=now, facts=facts)
    announce("claim_issued", claim=claim, now=now)
    enqueue_message(
        "billing/interest_claim", ids={"claim": claim.pk}, now=now, key=f"interest-claim:{claim.pk}"
    )
    wake_worker()
    return claim


def interest_claim_pdf(claim: InterestClaim) -> bytes:
    """Return the PDF of a claim for late interest with its worksheet."""
    return render(
        "billing/collections/pdf/late_statement.html",
        interest_claim_document(claim),
        language=claim.invoice.language,
    )
