"""Put a client's free money where a person says, or take it away from where it lies."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.settle_invoice import sync_invoice_state
from billing.invoicing.models import Allocation, Invoice
from billing.invoicing.queries.balances import uncovered_cents
from billing.payments.actions.auto_allocate_payments import auto_allocate_payments
from billing.payments.actions.cover_order import cover_order
from billing.payments.actions.move_share import put, release
from billing.payments.models import Payment
from billing.payments.queries.money import unallocated_of
from billing.registry import ask


class NotEnoughUnallocated(Exception):
    """Raised when a person gives more than the payment has left; says what it has."""

    def __init__(self, free: int) -> None:
        super().__init__(free)
        self.free_cents = free


class NotAsked(Exception):
    """Raised when an invoice asks less than what is given to it, or isn't this client's; says which."""

    def __init__(self, number: str, asked_cents: int) -> None:
        super().__init__(number)
        self.number = number
        self.asked_cents = asked_cents


class NotAllocated(Exception):
    """Raised when the share was taken away before, or is a credit note's."""


@transaction.atomic
def allocate_payment(
    *,
    payment_id: UUID,
    shares: Iterable[tuple[UUID, int]],
    by: Actor,
    now: datetime,
    today: date,
    claims: Iterable[tuple[UUID, int]] = (),
) -> list[Allocation]:
    """Return the shares a person gave out of what a payment has left, to invoices of the same client and
    currency.

    `claims`: what goes to claims for late interest besides. Raises NotEnoughUnallocated, NotAsked; nothing is
    given then.
    """
    wanted = {invoice_id: cents for invoice_id, cents in shares if cents > 0}
    beside = {claim_id: cents for claim_id, cents in claims if cents > 0}
    invoices = {
        row.pk: row
        for row in Invoice.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    }
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    free = unallocated_of(payment)
    if payment.bounced_on or sum([*wanted.values(), *beside.values()]) > free:
        raise NotEnoughUnallocated(free)
    found = [_give(payment, invoices.get(key), cents, by, now) for key, cents in wanted.items()]
    for claim_id, cents in beside.items():
        _give_to_claim(payment, claim_id, cents, by, now)
    for invoice in invoices.values():
        sync_invoice_state(invoice, now=now, today=today)
        cover_order(invoice.order_id, now=now, today=today)
    return found


def _give_to_claim(payment: Payment, claim_id: UUID, cents: int, by: Actor, now: datetime) -> None:
    known = {each.key: each for each in ask("claim_candidates")}
    claim = known.get(str(claim_id))
    own = (str(payment.customer_id), payment.currency)
    if claim is None or (claim.customer, claim.currency) != own or not payment.has_arrived:
        raise NotAsked("", 0)
    if cents > claim.cents:
        raise NotAsked(claim.number, claim.cents)
    ask("claim_given", claim_id, payment_id=payment.pk, cents=cents, by=by, now=now)


def _give(payment: Payment, invoice: Invoice | None, cents: int, by: Actor, now: datetime) -> Allocation:
    if invoice is None or invoice.customer_id != payment.customer_id or invoice.currency != payment.currency:
        raise NotAsked("", 0)
    asked = uncovered_cents(invoice)
    if invoice.is_credit_note or cents > asked:
        raise NotAsked(invoice.number, max(0, asked))
    return put(payment_id=payment.id, invoice=invoice, cents=cents, by=by, now=now)


@transaction.atomic
def release_allocation(*, allocation_id: UUID, reason: str, by: Actor, now: datetime, today: date) -> Payment:
    """Return the payment whose share was taken away.

    It is the client's credit until somebody puts it elsewhere.

    It doesn't flow back by itself; other money sent for the invoice does. Raises NotAllocated.
    """
    found = Allocation.objects.active().filter(pk=allocation_id, payment__isnull=False).first()
    if found is None or found.payment_id is None:
        raise NotAllocated(allocation_id)
    Invoice.objects.select_for_update(of=("self",)).get(pk=found.invoice_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=found.payment_id)
    row = Allocation.objects.active().filter(pk=allocation_id).first()
    if row is None:
        raise NotAllocated(allocation_id)
    if payment.meant_for_id == row.invoice_id:
        payment.set_free()
    release(row, reason=reason, by=by, now=now)
    log_action(
        "payment.taken_away",
        by=by,
        on=row.invoice_id,
        at=now,
        facts={"amount_cents": row.amount_cents},
        personal={"reason": reason},
    )
    auto_allocate_payments(invoice_id=row.invoice_id, now=now, today=today)
    return payment
