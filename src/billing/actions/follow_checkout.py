"""Make our side of an online payment what the provider says it is, however often and whenever it is asked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import write
from billing.actions.bounce_cheque import bounce_cheque
from billing.actions.credit_cheque import credit_cheque
from billing.actions.dispute import close_dispute, open_dispute
from billing.actions.keep_closed import first_open
from billing.actions.receive_cheque import put_payment
from billing.actions.share_out_money import release, share_out_money
from billing.gateways.stripe_checkout import standing_of
from billing.models import Checkout, Dispute, Payment, Refund
from billing.policy.days import paris_day
from billing.policy.online import CARD, Contest, GivenBack, Standing, payment_state
from billing.queries.money import free_of, invoices_of


@transaction.atomic
def follow_checkout(*, checkout_id: UUID, now: datetime, today: date) -> Checkout:
    """Return the attempt as the provider knows it now: asked again under a lock, so that late news change nothing.

    Raises NotConfigured, Unreachable. Clause: LG-S6.2k
    """
    checkout = Checkout.objects.select_for_update(of=("self",)).get(pk=checkout_id)
    standing = standing_of(session_id=checkout.session_id, intent_id=checkout.intent_id)
    apply_standing(checkout, standing, now=now, today=today)
    return checkout


def apply_standing(checkout: Checkout, standing: Standing, *, now: datetime, today: date) -> Payment | None:
    """Return our payment, brought to what stands at the provider; None when there is no money to speak of."""
    if checkout.state != standing.state:
        facts = {"from": checkout.state, "to": standing.state}
        write("checkout.moved", by=None, on=checkout.invoice_id, at=now, facts=facts)
    checkout.move(state=standing.state, at=now, intent_id=standing.intent_id)
    payment = _payment(checkout, standing, now, today)
    if payment is None:
        return None
    for back in standing.refunds:
        _give_back(payment, back, now, today)
    for contest in standing.contests:
        _contest(checkout, contest, now)
    return payment


def _payment(checkout: Checkout, standing: Standing, now: datetime, today: date) -> Payment | None:
    wanted, payment = payment_state(standing), checkout.payment
    if wanted == "none" and payment is None:
        return None
    if payment is None:
        payment = _begin(checkout, standing, now, today)
    payment.refresh_from_db()
    if wanted == "credited" and payment.state == "received":
        credit_cheque(payment_id=payment.id, credited_on=today, by=None, now=now, today=today)
    if wanted == "bounced" and payment.state != "bounced":
        reasons = [contest.reason for contest in standing.contests if contest.state == "lost"]
        bounce_cheque(
            payment_id=payment.id, bounced_on=today, reason=next(iter(reasons), standing.failure) or "refused", by=None,
            now=now,
        )  # fmt: skip
    payment.refresh_from_db()
    return payment


def _begin(checkout: Checkout, standing: Standing, now: datetime, today: date) -> Payment:
    day = first_open(min(today, paris_day(standing.paid_at)) if standing.paid_at else today)
    payment = put_payment(
        invoice=checkout.invoice, method=standing.method, amount_cents=standing.amount_cents, received_on=day,
        reference=checkout.invoice.number, now=now, keep_surplus=True, provider_id=standing.intent_id,
        credited_on=day if standing.paid_at and standing.method == CARD else None,
    )  # fmt: skip
    checkout.payment = payment
    checkout.save(update_fields=["payment"])
    facts = {"amount_cents": payment.amount_cents, "invoice": checkout.invoice.number}
    write(f"{standing.method}.received", by=None, on=payment, at=now, facts=facts)
    share_out_money(invoice_id=checkout.invoice_id, now=now, today=today)
    return payment


def _give_back(payment: Payment, back: GivenBack, now: datetime, today: date) -> None:
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
        write("refund.made", by=None, on=payment, at=now, facts={"amount_cents": known.amount_cents})
    if back.state == "failed" and known.failed_on is None:
        known.mark_failed(on=today)
        write("refund.failed", by=None, on=payment, at=now, facts={"amount_cents": known.amount_cents})
        _share_out_again(payment, now, today)


def _refund(payment: Payment, back: GivenBack) -> Refund | None:
    rows = payment.refunds.all()
    return rows.filter(provider_id=back.provider_id).first() or next(
        (row for row in rows if str(row.id) == back.ours), None
    )


def _write_down(payment: Payment, back: GivenBack, now: datetime, today: date) -> Refund:
    """Return a refund that was made at the provider's own desk: what it takes is freed from what it paid."""
    invoices = invoices_of(payment.id, lock=True)
    for row in payment.allocations.standing().order_by("-allocated_at"):
        if free_of(payment) >= back.cents:
            break
        release(row, reason="refunded", by=None, now=now)
    refund = Refund.objects.create(
        payment=payment, amount_cents=back.cents, reason="made at the provider", asked_at=now, asked_on=today,
        provider_id=back.provider_id,
    )  # fmt: skip
    for invoice in invoices:
        share_out_money(invoice_id=invoice.pk, now=now, today=today)
    return refund


def _share_out_again(payment: Payment, now: datetime, today: date) -> None:
    for invoice in invoices_of(payment.id, lock=True):
        share_out_money(invoice_id=invoice.pk, now=now, today=today)


def _contest(checkout: Checkout, contest: Contest, now: datetime) -> None:
    """Keep a payer's dispute as one of the invoice: while it lasts no new order is taken (LG-S5.2x)."""
    mine: Any = Dispute.objects.filter(invoice_id=checkout.invoice_id, reason__contains=contest.provider_id)
    if contest.state == "open":
        other = Dispute.objects.filter(invoice_id=checkout.invoice_id, closed_at=None).exists()
        if not mine.exists() and not other:
            reason = f"{contest.reason} ({contest.provider_id})"
            open_dispute(about=checkout.invoice, reason=reason, by=None, now=now)
    elif mine.filter(closed_at=None).exists():
        close_dispute(about=checkout.invoice, outcome=contest.state, by=None, now=now)
