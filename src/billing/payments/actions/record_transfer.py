"""Record a transfer: credited, or proved in writing while the funds are on their way."""

from datetime import date, datetime, timedelta

from django.db import transaction

from agenda.actions import open_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.catalogue import PaymentMethodType
from billing.invoicing.models import Invoice
from billing.money.actions.check_period_open import check_period_open
from billing.money.gateways.holidays import house_holidays
from billing.money.policy.days import within_day
from billing.payments.actions.auto_allocate_payments import auto_allocate_payments
from billing.payments.actions.clear_payment import ClearedTooEarly
from billing.payments.actions.receive_cheque import create_payment
from billing.payments.models import Payment
from billing.payments.policy.funds import funds_expected_by
from billing.registry import announce, ask
from contracts.policy.clauses import keeps


class NeitherCreditedNorProved(Exception):
    """Raised when nothing shows that the transfer was made."""


@transaction.atomic
@keeps("LG-S5.2d")
def record_transfer(
    *,
    invoice: Invoice,
    amount_cents: int,
    received_on: date,
    reference: str,
    by: Actor | None,
    now: datetime,
    today: date,
    credited_on: date | None = None,
    proof_document: str = "",
    keep_surplus: bool = False,
) -> Payment:
    """Return the transfer. Written proof of its execution counts as credit; a cheque's never does.

    Proved only, it is promised to be looked for if the funds fail to come. What was given up of the invoice
    stands for the rest only.
    Raises NeitherCreditedNorProved, ClearedTooEarly, NothingToPay, TooMuch, PeriodClosed.
    """
    if credited_on is None and not proof_document:
        raise NeitherCreditedNorProved
    check_period_open(received_on, credited_on)
    if credited_on is not None and credited_on < received_on:
        raise ClearedTooEarly(credited_on)
    proof = {"proof_on": received_on, "proof_document": proof_document} if proof_document else {}
    lifted = ask("write_offs_lifted", invoice, by=by, now=now, today=today)  # money came: no loss so far
    payment = create_payment(
        invoice=invoice,
        method=PaymentMethodType.TRANSFER,
        amount_cents=amount_cents,
        received_on=received_on,
        reference=reference,
        now=now,
        keep_surplus=keep_surplus,
        credited_on=credited_on,
        **proof,
    )
    facts = {"amount_cents": amount_cents, "invoice": invoice.number, "proved": bool(proof_document)}
    log_action("transfer.recorded", by=by, on=payment, at=now, facts=facts)
    auto_allocate_payments(invoice_id=invoice.pk, now=now, today=today)
    if lifted:
        announce("write_offs_put_back", invoice=invoice, lifted=lifted, by=by, now=now, today=today)
    if credited_on is None:
        _promise_to_look(payment, now)
    return payment


def _promise_to_look(payment: Payment, now: datetime) -> None:
    """Promise to look whether the funds of a proved transfer came, on the first day after they should."""
    last = funds_expected_by(payment.received_on, holidays=house_holidays(payment.received_on))
    span = within_day(last + timedelta(days=1), now=now)
    open_obligation("LG-S5.2d", kind="proved-funds", subject=payment.id, **span, now=now)
