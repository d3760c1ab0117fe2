"""Give money back: never more than what the payment brought and no invoice holds."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.models import Invoice
from billing.money.actions.check_period_open import check_period_open
from billing.payments.actions.announce_money import announce_refund_moved
from billing.payments.gateways.stripe_checkout import create_refund
from billing.payments.models import Payment, Refund
from billing.payments.queries.money import credits_of, unallocated_of

MADE_WITHIN = timedelta(hours=24)


class NothingUnallocated(Exception):
    """Raised when more is asked back than is free; says what is."""

    def __init__(self, free: int) -> None:
        super().__init__(free)
        self.free_cents = free


class NotToBeMade(Exception):
    """Raised when the refund was made or failed already, or the provider makes it by itself."""


@transaction.atomic
def refund_payment(
    *,
    payment_id: UUID,
    amount_cents: int,
    reason: str,
    by: Actor | None,
    now: datetime,
    today: date,
    note: Invoice | None = None,
) -> Refund:
    """Return the refund, promised. The provider makes its own; a person sends the others by transfer.

    `note` is the credit note that owes it, where one does.

    Release what the payment pays first, after a credit note: only what is free is given back. Raises
    NothingUnallocated.
    """
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    free = unallocated_of(payment) if payment.credited_on and not payment.bounced_on else 0
    if not 0 < amount_cents <= free:
        raise NothingUnallocated(free)
    refund = Refund.objects.create(
        payment=payment,
        note=note,
        amount_cents=amount_cents,
        reason=reason,
        asked_at=now,
        asked_on=today,
        asked_by=by.id if by else None,
    )
    facts = {"amount_cents": amount_cents, "refund": str(refund.id)}
    log_action("refund.asked", by=by, on=payment, at=now, facts=facts, personal={"reason": reason})
    if payment.provider_id:
        open_obligation(
            "LG-S6.2k", kind="refund", subject=refund.id, due_at=now + MADE_WITHIN, run_at=now, now=now
        )
        wake_worker()
    return refund


@transaction.atomic
def make_refund(*, refund_id: UUID, now: datetime, today: date) -> str:
    """Return the state of a refund after asking the provider for it; asked twice it is made once."""
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)
    if refund.state != "asked" or not refund.payment.provider_id:
        return refund.state
    made = create_refund(key=str(refund.id), intent_id=refund.payment.provider_id, cents=refund.amount_cents)
    refund.provider_id = made.provider_id
    refund.save(update_fields=["provider_id"])
    if made.state == "made":
        refund.mark_made(on=today)
        announce_refund_moved(refund, now=now)
        log_action(
            "refund.made", by=None, on=refund.payment, at=now, facts={"amount_cents": refund.amount_cents}
        )
    return refund.state


@transaction.atomic
def note_refund_sent(*, refund_id: UUID, sent_on: date, by: Actor, now: datetime) -> Refund:
    """Return a refund that a person sent by transfer. Raises NotToBeMade, PeriodClosed."""
    check_period_open(sent_on)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)
    if refund.state != "asked" or refund.payment.provider_id:
        raise NotToBeMade(refund.state)
    refund.mark_made(on=sent_on)
    announce_refund_moved(refund, now=now)
    log_action("refund.made", by=by, on=refund.payment, at=now, facts={"amount_cents": refund.amount_cents})
    return refund


def drop_refunds(payment: Payment, *, on: date, by: Actor | None, now: datetime) -> int:
    """Return how many refunds of a payment whose money left are made no more: those nobody has made yet."""
    dropped = list(payment.refunds.active().filter(made_on=None, provider_id=None))
    for refund in dropped:
        refund.mark_failed(on=on)
        evidence = {"bounced": str(payment.pk)}
        close_obligation("LG-S6.2k", kind="refund", subject=refund.pk, now=now, evidence=evidence)
        facts = {"amount_cents": refund.amount_cents}
        log_action("refund.dropped", by=by, on=payment, at=now, facts=facts)
    return len(dropped)


@transaction.atomic
def note_refund_returned(*, refund_id: UUID, returned_on: date, by: Actor, now: datetime) -> Refund:
    """Return a refund whose money the client sent back: the payment it was of had never brought it.

    Where it came with other money of theirs that is free, it is taken off that; else it came by itself.
    Raises NotToBeMade, PeriodClosed.
    """
    check_period_open(returned_on)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)
    if not Refund.objects.undue().filter(pk=refund.pk).exists():
        raise NotToBeMade(refund.state)
    free = [each for each in credits_of(refund.payment.customer_id) if each.credited_on is not None]
    enough = [each for each in free if each.free_cents >= refund.amount_cents]
    if enough:
        refund.mark_settled(by=enough[0])
    else:
        refund.mark_failed(on=returned_on)
        announce_refund_moved(refund, now=now)
    facts = {"amount_cents": refund.amount_cents}
    log_action("refund.returned", by=by, on=refund.payment, at=now, facts=facts)
    return refund
