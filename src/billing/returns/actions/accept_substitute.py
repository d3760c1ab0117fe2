"""Take a buyer's express agreement to an equivalent: it leaves with their parcel."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.fulfilment.actions.plan_delivery import plan_delivery
from billing.orders.models import Order, UnavailableLine
from billing.orders.policy.states import UNAVAILABLE_LINE
from billing.returns.actions.refund_unavailable import AnsweredAlready, credit_unavailable
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S10.1")
def accept_substitute(*, impossible_id: UUID, by: Actor, now: datetime, today: date) -> UnavailableLine:
    """Return what was agreed to: the parcel holds the equivalent, and what it costs less is credited and paid
    back.

    Raises AnsweredAlready.
    """
    gone = (
        UnavailableLine.objects.select_for_update(of=("self",))
        .select_related("line__order", "substitute")
        .get(pk=impossible_id)
    )
    order = gone.line.order
    if not UNAVAILABLE_LINE.allows("agree", gone.state) or order.state == Order.State.CANCELLED:
        raise AnsweredAlready(gone.state)
    gone.end("agree", answered_on=today)
    facts = {"number": order.number, "quantity": gone.quantity, "equivalent": str(gone.substitute)}
    log_action("impossible.agreed", by=by, on=order, at=now, facts=facts)
    credit_unavailable(gone=gone, by=by, now=now, today=today)
    if order.state == Order.State.FULFILLED:
        plan_delivery(order=order, now=now, today=today)
    enqueue_message(
        "billing/impossible_ended", ids={"impossible": gone.pk}, now=now, key=f"impossible-ended:{gone.pk}"
    )
    wake_worker()
    return gone
