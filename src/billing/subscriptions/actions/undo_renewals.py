"""Undo the terms that a client's word should have stopped."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day
from billing.orders.models import Order, OrderLine
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.actions.credit_subscription import credit_subscription
from billing.subscriptions.models import Subscription, Trial
from contracts.policy.clauses import keeps

REASON = "terminated"

_WHY = gettext_lazy("Renewal undone: the subscription had been terminated.")


@keeps("LG-S20.2", "LG-S14.3")
def undo_renewals(
    *, subscription: Subscription, effective_on: date, by: Actor, now: datetime
) -> list[Invoice]:
    """Return the credit notes of all that was invoiced for the terms from a day on, and for what was added in
    them; what was paid of it is given back. A trial that became the first of these terms became none.
    """
    told: dict[str, Any] = {"by": by, "now": now, "today": paris_day(now)}
    notes = [
        note
        for order in _orders(subscription, effective_on)
        for note in credit_subscription(order=order, subscription=subscription, reason=_WHY, **told)
    ]
    for note in notes:
        refund_credit_note(note=note, reason=REASON, **told)
    tell_credit_notes(notes, now=now)
    for trial in Trial.objects.filter(subscription=subscription, activated_on__gte=effective_on):
        trial.undo_activation(at=now)
    facts = {"from": str(effective_on), "credit_notes": [note.number for note in notes]}
    log_action("subscription.renewal_undone", by=by, on=subscription, at=now, facts=facts)
    return notes


def _orders(subscription: Subscription, effective_on: date) -> list[Order]:
    terms = subscription.terms.filter(starts_on__gte=effective_on)
    added = OrderLine.objects.filter(
        contract_id=subscription.contract_id,
        licences_after__isnull=False,
        order__confirmed_on__gte=effective_on,
    )
    keys = [*terms.values_list("order_id", flat=True), *added.values_list("order_id", flat=True)]
    return list(Order.objects.filter(pk__in=keys).order_by("confirmed_at"))
