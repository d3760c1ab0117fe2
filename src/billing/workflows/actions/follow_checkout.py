"""Make our side of an online payment what the provider says it is, however often and whenever it is asked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.collections.actions.dispute import close_dispute, open_dispute
from billing.collections.models import Dispute
from billing.invoicing.models import Invoice
from billing.invoicing.policy.paid import Payment as Paid
from billing.money.actions.check_period_open import first_open_day
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.actions.refund_late_payment import (
    arrived_after_cancellation,
    drop_unsent,
    refund_late_payment,
)
from billing.orders.models import Order
from billing.orders.queries.trial import invoice_to_pay
from billing.payments.actions.allocate_to_claim import release_from_claim
from billing.payments.actions.announce_money import announce_payment_moved, announce_refund_moved
from billing.payments.actions.auto_allocate_payments import auto_allocate_payments
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.move_share import release
from billing.payments.actions.receive_cheque import create_payment, create_unallocated_payment
from billing.payments.actions.reverse_payment import reverse_payment
from billing.payments.gateways.stripe_checkout import fetch_provider_payment
from billing.payments.models import Checkout, Payment, Refund
from billing.payments.policy.online import (
    BEYOND,
    CARD,
    TAKEN_BACK,
    Chargeback,
    ProviderPayment,
    ProviderRefund,
    payment_state,
    taken_in_part,
)
from billing.payments.queries.money import invoices_of, unallocated_of
from billing.returns.actions.refund_withdrawal import credit_withdrawn
from contracts.policy.clauses import keeps

AT_THE_PROVIDER = "made at the provider"


@transaction.atomic
@keeps("LG-S6.2k")
def follow_checkout(*, checkout_id: UUID, now: datetime, today: date) -> Checkout:
    """Return the attempt as the provider knows it now.

    Asked again under a lock, so that late news change nothing.

    Raises NotConfigured, Unreachable.
    """
    checkout = Checkout.objects.select_for_update(of=("self",)).get(pk=checkout_id)
    standing = fetch_provider_payment(
        session_id=checkout.session_id,
        intent_id=checkout.intent_id,
        unattended=checkout.method_id is not None,
    )
    apply_provider_payment(checkout, standing, now=now, today=today)
    return checkout


def apply_provider_payment(
    checkout: Checkout, standing: ProviderPayment, *, now: datetime, today: date
) -> Payment | None:
    """Return our payment, brought to what stands at the provider; None when there is no money to speak of."""
    if checkout.state != standing.state:
        facts = {"from": checkout.state, "to": standing.state}
        log_action("checkout.moved", by=None, on=checkout.target_id, at=now, facts=facts)
    checkout.move(state=standing.state, at=now, intent_id=standing.intent_id)
    payment = _payment(checkout, standing, now, today)
    if payment is None:
        return None
    for back in standing.refunds:
        _give_back(payment, back, now, today)
    for taken in taken_in_part(standing):
        _take_part(payment, taken, now, today)
    for contest in standing.contests:
        _contest(checkout, contest, now)
    if arrived_after_cancellation(checkout):
        refund_late_payment(payment, standing, now=now, today=today)
    return payment


def _payment(checkout: Checkout, standing: ProviderPayment, now: datetime, today: date) -> Payment | None:
    wanted = payment_state(standing)
    payment = checkout.payment
    if wanted == "none" and payment is None:
        return None
    if payment is None:
        payment = _begin(checkout, standing, now, today)
    payment.refresh_from_db()
    if wanted == "credited" and payment.state == "received":
        clear_payment(payment_id=payment.id, credited_on=today, by=None, now=now, today=today)
    if standing.fee_cents and payment.credited_on and payment.provider_fee_cents is None:
        payment.note_fee(standing.fee_cents)
        announce_payment_moved(payment, now=now)
    if wanted == "bounced" and payment.state != "bounced":
        reasons = [contest.reason for contest in standing.contests if contest.state == "lost"]
        reverse_payment(
            payment_id=payment.id,
            bounced_on=today,
            reason=next(iter(reasons), standing.failure) or "refused",
            by=None,
            now=now,
        )
        drop_unsent(payment, now=now, today=today)
    payment.refresh_from_db()
    return payment


def _begin(checkout: Checkout, standing: ProviderPayment, now: datetime, today: date) -> Payment:
    day = first_open_day(min(today, paris_day(standing.paid_at)) if standing.paid_at else today)
    is_there = payment_state(standing) == "credited"
    invoice = _invoice(checkout, Paid(day, standing.amount_cents) if is_there else None, now, today)
    details: dict[str, Any] = {
        "method": standing.method,
        "amount_cents": standing.amount_cents,
        "received_on": day,
        "reference": checkout.label,
        "now": now,
        "provider_id": standing.intent_id,
        "credited_on": day if standing.paid_at and standing.method == CARD else None,
    }
    if invoice is None:
        payment = create_unallocated_payment(
            customer_id=checkout.customer_id, currency=standing.currency, **details
        )
    else:
        payment = create_payment(invoice=invoice, keep_surplus=True, **details)
    checkout.payment = payment
    checkout.save(update_fields=["payment"])
    facts = {"amount_cents": payment.amount_cents, "number": checkout.label}
    log_action(f"{standing.method}.received", by=None, on=payment, at=now, facts=facts)
    if invoice is not None:
        auto_allocate_payments(invoice_id=invoice.pk, now=now, today=today)
        if checkout.order is not None:
            credit_withdrawn(order=checkout.order, by=None, now=now, today=today)
    return payment


def _invoice(checkout: Checkout, paid: Paid | None, now: datetime, today: date) -> Invoice | None:
    """Return what the money pays: an order's invoice is issued now, once, and says that it is paid.

    None where the order was cancelled before.
    """
    if checkout.order is None or checkout.invoice is not None:
        return checkout.invoice
    invoice = invoice_to_pay(checkout.order) or _issue(checkout.order, paid, now, today)
    if invoice is not None:
        checkout.put_on(invoice)
    return invoice


def _issue(known: Order, paid: Paid | None, now: datetime, today: date) -> Invoice | None:
    order = Order.objects.select_for_update(of=("self",)).get(pk=known.pk)
    if found := invoice_to_pay(order):
        return found
    if order.state == Order.State.CANCELLED:
        return None
    return issue_invoice(order=order, by=None, now=now, today=today, paid=paid)


def _give_back(payment: Payment, back: ProviderRefund, now: datetime, today: date) -> None:
    known = _refund(payment, back)
    if known is None and back.state != "failed":
        known = _write_down(payment, back, now, today)
    if known is None:
        return
    if known.provider_id is None:
        known.provider_id = back.provider_id
        known.save(update_fields=["provider_id"])
    if back.state == "made" and known.made_on is None:
        known.mark_made(on=today)
        announce_refund_moved(known, now=now)
        log_action("refund.made", by=None, on=payment, at=now, facts={"amount_cents": known.amount_cents})
    if back.state == "failed" and known.failed_on is None:
        known.mark_failed(on=today)
        announce_refund_moved(known, now=now)
        log_action("refund.failed", by=None, on=payment, at=now, facts={"amount_cents": known.amount_cents})
        _share_out_again(payment, now, today)


def _take_part(payment: Payment, taken: ProviderRefund, now: datetime, today: date) -> None:
    """Keep what the payer's bank took back of a payment: its invoices ask it again, the client is told."""
    known = payment.refunds.filter(provider_id__in=[taken.provider_id, f"{taken.provider_id}/2"])
    if payment.bounced_on is not None or known.exists():
        return
    gave = (
        payment.refunds.within().filter(made_on__isnull=False).aggregate(cents=Sum("amount_cents"))["cents"]
    )
    fits = min(taken.cents, payment.amount_cents - (gave or 0))
    parts = [(TAKEN_BACK, fits, taken.provider_id), (BEYOND, taken.cents - fits, f"{taken.provider_id}/2")]
    rows = [
        _write_down(payment, ProviderRefund(name, cents, "made"), now, today, reason=why)
        for why, cents, name in parts
        if cents > 0
    ]
    for refund in rows:
        refund.mark_made(on=today)
        announce_refund_moved(refund, now=now)
    log_action("payment.taken_in_part", by=None, on=payment, at=now, facts={"amount_cents": taken.cents})
    ids = {"payment": payment.pk, "part": taken.provider_id, "at": now.isoformat()}
    enqueue_message("billing/payment_bounced", ids=ids, now=now, key=f"payment-taken:{taken.provider_id}")
    wake_worker()


def _refund(payment: Payment, back: ProviderRefund) -> Refund | None:
    rows = payment.refunds.all()
    return rows.filter(provider_id=back.provider_id).first() or next(
        (row for row in rows if str(row.id) == back.ours), None
    )


def _write_down(
    payment: Payment, back: ProviderRefund, now: datetime, today: date, *, reason: str = AT_THE_PROVIDER
) -> Refund:
    """Return a refund that was made at the provider's own desk, or by the payer's bank.

    What it takes is freed from what it paid.
    """
    invoices = invoices_of(payment.id, lock=True)
    wanted = 0 if reason == BEYOND else back.cents
    for row in payment.allocations.active().order_by("-allocated_at"):
        if unallocated_of(payment) >= wanted:
            break
        release(row, reason="refunded", by=None, now=now)
    for share in payment.claim_allocations.active().order_by("-allocated_at"):
        if unallocated_of(payment) >= wanted:
            break
        release_from_claim(share, reason="refunded", by=None, now=now)
    if reason != BEYOND and unallocated_of(payment) < back.cents:  # ours was about to give the same money
        drop_unsent(payment, now=now, today=today)
    refund = Refund.objects.create(
        payment=payment,
        amount_cents=back.cents,
        reason=reason,
        asked_at=now,
        asked_on=today,
        provider_id=back.provider_id,
    )
    for invoice in invoices:
        auto_allocate_payments(invoice_id=invoice.pk, now=now, today=today)
    return refund


def _share_out_again(payment: Payment, now: datetime, today: date) -> None:
    for invoice in invoices_of(payment.id, lock=True):
        auto_allocate_payments(invoice_id=invoice.pk, now=now, today=today)


def _contest(checkout: Checkout, contest: Chargeback, now: datetime) -> None:
    """Keep a payer's dispute as one of the invoice: while it lasts no new order is taken (LG-S5.2x)."""
    invoice = checkout.invoice
    if invoice is None:
        return  # money of an order that is no more: it is given back, or the bank took it
    mine: Any = Dispute.objects.filter(invoice=invoice, reason__contains=contest.provider_id)
    if contest.state == "open":
        other = Dispute.objects.filter(invoice=invoice, closed_at=None).exists()
        if not mine.exists() and not other:
            reason = f"{contest.reason} ({contest.provider_id})"
            open_dispute(about=invoice, reason=reason, by=None, now=now)
    elif mine.filter(closed_at=None).exists():
        close_dispute(about=invoice, outcome=contest.state, by=None, now=now)
