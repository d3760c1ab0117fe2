"""Notice that money which was proved never came."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from billing.payments.models import Payment
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S5.2d")
def flag_missing_funds(*, payment_id: UUID, now: datetime, today: date) -> bool:
    """Return whether the funds of a proved transfer are still missing.

    It is flagged, and finance asks the client.

    It goes on counting as paid until a person says that it never came.
    """
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if payment.credited_on or payment.bounced_on:
        return False
    payment.mark_missing(on=today)
    log_action("transfer.missing", by=None, on=payment, at=now, facts={"amount_cents": payment.amount_cents})
    return True
