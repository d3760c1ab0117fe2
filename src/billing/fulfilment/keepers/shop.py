"""What is promised about parcels and returns, and what buyers are told of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from agenda.models import Obligation
from agenda.registry import Again, Kept, Mail, Moot, Outcome, keeper, kept_or_moot, message
from billing.customers.keepers.mail import mail_to
from billing.fulfilment.actions.plan_delivery import see_to_dispatch
from billing.fulfilment.actions.refund_undelivered import refund_undelivered
from billing.fulfilment.labels import moved_words
from billing.fulfilment.models import Delivery
from billing.fulfilment.queries.deliveries import things_in
from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day

Ids = Mapping[str, str]

LOOK_AGAIN = timedelta(days=1)


@keeper("LG-S7", kind="dispatch", where="operator")
def keep_dispatch(obligation: Obligation, *, now: datetime) -> Outcome:
    """See at 16:00 that the day's parcel left, or put it off to the next dispatch day."""
    delivery = Delivery.objects.get(pk=obligation.subject_id)
    if str(delivery.leaves_on) == obligation.occurrence:
        facts = see_to_dispatch(delivery_id=delivery.pk, now=now, today=paris_day(now))
        if facts["sent"] or facts.get("withheld"):
            return kept_or_moot(facts["sent"], "withheld while something is overdue", **facts)
    if obligation.missed_at is None:
        return Again(max(now, obligation.due_at) + LOOK_AGAIN)
    return Moot("stayed here, planned for the next dispatch day", leaves_on=str(delivery.leaves_on))


@keeper("LG-S7c", kind="delivered", where="operator")
def keep_delivered(obligation: Obligation, *, now: datetime) -> Outcome:
    """See on the day after the one promised that the goods were there; until they are, it is missed."""
    delivery = Delivery.objects.get(pk=obligation.subject_id)
    if delivery.delivered_on is None:
        return Again(now + timedelta(days=1))
    return Kept(delivered_on=str(delivery.delivered_on))


@keeper("LG-S7c", kind="refund", where="operator")
def keep_late_delivery_refund(obligation: Obligation, *, now: datetime) -> Outcome:
    """Pay back a sale ended for late delivery; it stays open, late in the end, until the money has left."""
    delivery = Delivery.objects.select_related("order").get(pk=obligation.subject_id)
    order = delivery.order
    if not refund_undelivered(order=order, by=None, now=now, today=paris_day(now)):
        return Again(run_at=now + LOOK_AGAIN)
    notes = Invoice.objects.filter(order=order, kind=Invoice.Kind.CREDIT_NOTE)
    return Kept(credit_notes=[str(note.pk) for note in notes])


@message("billing/parcel_sent", template="billing/fulfilment/mail/parcel_sent")
def parcel_sent(ids: Ids) -> Mail | None:
    """Return the mail that says a parcel left, with what is in it."""
    delivery = Delivery.objects.select_related("order__contact__customer").filter(pk=ids["delivery"]).first()
    if delivery is None or delivery.shipped_at is None:
        return None
    return mail_to(
        delivery.order.contact,
        delivery=delivery,
        order=delivery.order,
        things=things_in(delivery),
        moved_text=_moved(delivery),
    )


def _moved(delivery: Delivery) -> str:
    """Return why a parcel left on another day than the one its buyer was shown, "" where it didn't."""
    if delivery.announced_on in {None, delivery.leaves_on}:
        return ""
    return moved_words(delivery.moved_because, delivery.moved_words)
