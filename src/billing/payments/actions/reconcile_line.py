"""Do what a person confirmed of a line of the bank's statement."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.models import Invoice
from billing.money.actions.check_period_open import check_period_open
from billing.payments.actions.announce_money import announce_payout_moved
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_on_account import receive_on_account
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.refund_payment import note_refund_sent
from billing.payments.actions.reverse_payment import reverse_payment
from billing.payments.models import BankStatementLine, ChequeDeposit, Payment, Refund
from billing.payments.policy.states import BANK_STATEMENT_LINE
from billing.registry import ask
from tenants.models import Customer


class AlreadyReconciled(Exception):
    """Raised when the line was applied or set aside already."""


class AmountDiffers(Exception):
    """Raised when the line's amount or currency isn't that of what it was said to be; says both amounts."""

    def __init__(self, line_cents: int, other_cents: int) -> None:
        super().__init__(line_cents, other_cents)
        self.line_cents = line_cents
        self.other_cents = other_cents


@transaction.atomic
def reconcile_line(
    *, line_id: UUID, kind: str, key: UUID, by: Actor, now: datetime, today: date
) -> BankStatementLine:
    """Return the line, applied: an invoice or a claim is paid, money kept on account, a payment in hand
    or a slip's cheques are credited, a refund left, a payment that the bank took back pays nothing more, or
    the payment provider paid out what it held.

    Raises AlreadyReconciled, AmountDiffers, and what the act itself raises; nothing is done then.
    """
    line = _waiting(line_id)
    if not line.amount_cents or (kind in {"invoice", "customer", "claim"} and line.amount_cents < 0):
        raise AmountDiffers(line.amount_cents, 0)
    day = min(line.booked_on, today)
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    if kind == "payout":
        check_period_open(line.booked_on)
        line.mark_payout()
        announce_payout_moved(line, now=now)
    elif kind == "slip":
        line.mark_reconciled(cheque_deposit=_clear_deposit(key, line, day, details))
    else:
        line.mark_reconciled(payment=_MAKES_PAYMENT[kind](key, line, day, details))
    log_action(
        "line.applied", by=by, on=line, at=now, facts={"kind": kind, "amount_cents": line.amount_cents}
    )
    return line


class NoPayout(Exception):
    """Raised when the line wasn't applied as a payout, or not any more."""


@transaction.atomic
def undo_payout(*, line_id: UUID, reason: str, by: Actor, now: datetime, today: date) -> BankStatementLine:
    """Return a line that was taken for the provider's payout by mistake: reversed today, it waits again.

    Raises NoPayout, PeriodClosed.
    """
    line = BankStatementLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    if not line.is_payout:
        raise NoPayout(line_id)
    on = max(today, line.booked_on)
    check_period_open(on)
    line.mark_no_payout(on=on)
    announce_payout_moved(line, now=now)
    facts = {"amount_cents": line.amount_cents}
    log_action("line.payout_undone", by=by, on=line, at=now, facts=facts, personal={"reason": reason})
    return line


@transaction.atomic
def set_line_aside(*, line_id: UUID, reason: str, by: Actor, now: datetime) -> BankStatementLine:
    """Return the line, set aside: it pays nothing here. Raises AlreadyReconciled."""
    line = _waiting(line_id)
    line.set_aside(reason=reason)
    log_action("line.set_aside", by=by, on=line, at=now, personal={"reason": reason})
    return line


def _waiting(line_id: UUID) -> BankStatementLine:
    line = BankStatementLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    if not BANK_STATEMENT_LINE.allows("reconcile", line.state):
        raise AlreadyReconciled(line_id)
    return line


def _pay_invoice(invoice_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    """Return the money, put on an invoice; what is too much is the client's credit."""
    return record_transfer(
        invoice=Invoice.objects.get(pk=invoice_id, kind=Invoice.Kind.INVOICE, currency=line.currency),
        amount_cents=line.amount_cents,
        received_on=day,
        credited_on=day,
        reference=_said(line),
        keep_surplus=True,
        **told,
    )


def _keep_on_account(customer_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    return receive_on_account(
        customer_id=Customer.objects.get(pk=customer_id).pk,
        amount_cents=line.amount_cents,
        currency=line.currency,
        credited_on=day,
        reference=_said(line),
        by=told["by"],
        now=told["now"],
    )


def _pay_claim(claim_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    """Return the money, put on a claim; what is too much is the client's credit."""
    paid: Payment = ask(
        "claim_paid",
        claim_id,
        amount_cents=line.amount_cents,
        currency=line.currency,
        credited_on=day,
        reference=_said(line),
        by=told["by"],
        now=told["now"],
    )
    return paid


def _said(line: BankStatementLine) -> str:
    return line.reference or line.text or line.name


def _same(line: BankStatementLine, cents: int, currency: str) -> None:
    if (line.amount_cents, line.currency) != (cents, currency):
        raise AmountDiffers(line.amount_cents, cents)


def _credit(payment_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    payment = Payment.objects.get(pk=payment_id)
    _same(line, payment.amount_cents, payment.currency)
    return clear_payment(payment_id=payment.id, credited_on=max(day, payment.received_on), **told)


def _is_known(payment_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    """Return the money that was written down as credited before its line came: nothing moves again.

    Be it taken back or given back since, by lines of their own.
    """
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    _same(line, payment.amount_cents, payment.currency)
    if payment.credited_on is None or payment.bank_lines.filter(amount_cents__gt=0).exists():
        raise AlreadyReconciled(line.pk)
    return payment


def _bounce(payment_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    payment = Payment.objects.get(pk=payment_id)
    _same(line, -payment.amount_cents, payment.currency)
    why = (line.text or line.name or line.reference)[:200]
    on = max(day, payment.received_on)
    return reverse_payment(payment_id=payment.id, bounced_on=on, reason=why, by=told["by"], now=told["now"])


def _send_back(refund_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]) -> Payment:
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    _same(line, -refund.amount_cents, refund.payment.currency)
    return note_refund_sent(refund_id=refund_id, sent_on=day, by=told["by"], now=told["now"]).payment


_MAKES_PAYMENT: dict[str, Callable[[UUID, BankStatementLine, date, dict[str, Any]], Payment]] = {
    "invoice": _pay_invoice,
    "claim": _pay_claim,
    "customer": _keep_on_account,
    "payment": _credit,
    "written": _is_known,
    "bounce": _bounce,
    "refund": _send_back,
}


def _clear_deposit(
    deposit_id: UUID, line: BankStatementLine, day: date, told: dict[str, Any]
) -> ChequeDeposit:
    slip = ChequeDeposit.objects.get(pk=deposit_id)
    waiting = list(slip.cheques.in_hand())
    _same(line, sum(cheque.amount_cents for cheque in waiting), slip.currency)
    for cheque in waiting:
        _credit_one(cheque, day, told)
    return slip


def _credit_one(cheque: Payment, day: date, told: dict[str, Any]) -> None:
    clear_payment(payment_id=cheque.id, credited_on=max(day, cheque.received_on), **told)
