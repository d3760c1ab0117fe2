"""See to the end of a trial: it becomes the first term, invoiced that day, or ends as the client said."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_invoice
from billing.orders.models import Order
from billing.orders.queries.trial import invoice_to_pay
from billing.returns.actions.refund_withdrawal import credit_withdrawn
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.subscriptions.actions.give_back_additions import give_back_additions, give_back_untried
from billing.subscriptions.models import Termination, Trial
from billing.subscriptions.policy.trial import activated_on
from billing.workflows.actions.charge_saved_method import schedule_charge
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.3", "LG-S14.1")
def activate_trial(*, order_id: UUID, now: datetime, today: date) -> str:
    """Return "activated", "ended" or "" when the order's trial was seen to already.

    The first term runs from the trial's end; the invoice is issued now and charged in a promise of its own.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    trials = (
        Trial.objects.undecided().filter(subscription__order=order).select_related("subscription__contract")
    )
    going_on = [trial for trial in trials if _goes_on(trial, order, now)]
    if not going_on:
        return "ended" if trials else ""
    for trial in going_on:
        trial.mark_activated(on=trial.ends_on)
        facts = {"on": str(trial.ends_on), "order": order.number}
        log_action("trial.activated", by=None, on=trial.subscription, at=now, facts=facts)
    if order.gross_cents and invoice_to_pay(order) is None:
        begun_on = going_on[0].ends_on
        invoice = issue_invoice(order=order, by=None, now=now, today=today, supplied_on=begun_on)
        credit_withdrawn(order=order, by=None, now=now, today=today)
        for stopped in Trial.objects.filter(subscription__order=order, activated_on=None):
            give_back_untried(subscription=stopped.subscription, by=None, now=now, today=today)
        schedule_charge(invoice, now=now)
    enqueue_message(
        "billing/trial_activated", ids={"order": order.id}, now=now, key=f"trial-activated:{order.id}"
    )
    wake_worker()
    return "activated"


def _goes_on(trial: Trial, order: Order, now: datetime) -> bool:
    """Return whether a trial becomes a term.

    One that was ended before, or whose order is no more, ends now.
    """
    word = Termination.objects.filter(subscription=trial.subscription).first()
    is_over = trial.ended_at is not None or order.state == Order.State.CANCELLED
    stopped_on = trial.ends_on if is_over else word.effective_on if word else None
    if activated_on(trial.as_policy, stopped_on=stopped_on):
        return True
    give_back_additions(subscription=trial.subscription, by=None, now=now, today=paris_day(now))
    end_subscription(subscription=trial.subscription, on=trial.ends_on, reason="trial", now=now)
    return False


def trial_reminder_key(order_id: UUID) -> str:
    """Return the name under which the reminder of a trial's end lies in the outbox, once."""
    return f"trial-reminder:{order_id}"


@transaction.atomic
@keeps("LG-S14.3")
def remind_of_trial(*, order_id: UUID, now: datetime) -> bool:
    """Return whether the client was reminded of the end of a trial, with its date and price.

    Not once it was ended.
    """
    running = Trial.objects.running().filter(subscription__order_id=order_id).exists()
    if running:
        enqueue_message(
            "billing/trial_reminder", ids={"order": order_id}, now=now, key=trial_reminder_key(order_id)
        )
        wake_worker()
    return running
