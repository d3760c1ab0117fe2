"""Take a buyer's express agreement to an equivalent: it leaves with their parcel."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.fulfilment.actions.plan_delivery import plan_delivery
from billing.orders.models import Impossible, Order
from billing.orders.policy.states import UNAVAILABLE
from billing.returns.actions.refund_unavailable import AnsweredAlready, credit_impossible
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S10.1")
def accept_substitute(*, impossible_id: UUID, by: Any, now: datetime, today: date) -> Impossible:
    """Return what was agreed to: the parcel holds the equivalent, and what it costs less is credited and paid
    back.

    Raises AnsweredAlready.
    """
    gone = (
        Impossible.objects.select_for_update(of=("self",))
        .select_related("line__order", "equivalent")
        .get(pk=impossible_id)
    )
    order = gone.line.order
    if not UNAVAILABLE.allows("agree", gone.state) or order.state == Order.State.CANCELLED:
        raise AnsweredAlready(gone.state)
    gone.end("agree", answered_on=today)
    facts = {"number": order.number, "quantity": gone.quantity, "equivalent": str(gone.equivalent)}
    log_action("impossible.agreed", by=by, on=order, at=now, facts=facts)
    credit_impossible(gone=gone, by=by, now=now, today=today)
    if order.state == Order.State.OPEN:
        plan_delivery(order=order, now=now, today=today)
    enqueue_message(
        "billing/impossible_ended", ids={"impossible": gone.pk}, now=now, key=f"impossible-ended:{gone.pk}"
    )
    wake_worker()
    return gone
