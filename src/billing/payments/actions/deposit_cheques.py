"""Take cheques to the bank: a slip of all of them, and the day it took them."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.catalogue import PaymentMethodType
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.payments.models import ChequeDeposit, Payment


class NoCheque(Exception):
    """Raised when none of the cheques can be on a slip: in hand, on no other one, in one currency."""


class DepositedBefore(Exception):
    """Raised when the bank took the slip already."""


@transaction.atomic
def create_cheque_deposit(
    *, payment_ids: Collection[UUID], by: Actor | None, now: datetime, today: date
) -> ChequeDeposit:
    """Return the slip of these cheques, numbered without a gap. Raises NoCheque."""
    cheques = list(
        Payment.objects.in_hand()
        .filter(pk__in=payment_ids, method=PaymentMethodType.CHEQUE, cheque_deposit=None)
        .select_for_update(of=("self",))
    )
    if (
        not cheques
        or len(cheques) != len(set(payment_ids))
        or len({cheque.currency for cheque in cheques}) > 1
    ):
        raise NoCheque
    rank = NumberSeries.objects.take("remittance", today.year)
    slip = ChequeDeposit.objects.create(
        number=document_number("remittance", year=today.year, rank=rank),
        made_on=today,
        currency=cheques[0].currency,
        made_by=by.id if by else None,
        created_at=now,
    )
    Payment.objects.filter(pk__in=[cheque.pk for cheque in cheques]).update(cheque_deposit=slip)
    total = sum(cheque.amount_cents for cheque in cheques)
    log_action(
        "slip.made",
        by=by,
        on=slip,
        at=now,
        facts={"number": slip.number, "cheques": len(cheques), "cents": total},
    )
    return slip


@transaction.atomic
def mark_deposited(*, slip_id: UUID, deposited_on: date, by: Actor, now: datetime) -> ChequeDeposit:
    """Return the slip, taken by the bank; its cheques are credited once the statement says so.

    Raises DepositedBefore.
    """
    slip = ChequeDeposit.objects.select_for_update(of=("self",)).get(pk=slip_id)
    if slip.deposited_on:
        raise DepositedBefore(slip.number)
    slip.mark_deposited(on=deposited_on)
    log_action(
        "slip.deposited", by=by, on=slip, at=now, facts={"number": slip.number, "on": str(deposited_on)}
    )
    return slip
