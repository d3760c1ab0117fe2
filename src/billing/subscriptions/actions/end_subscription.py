"""End a subscription: its contract stops, and its tenant when nothing else runs there."""

from datetime import date, datetime, timedelta

from agenda.actions import close_obligation, enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.collections.queries.suspensions import keeping_open
from billing.invoicing.actions.schedule_overdue import schedule_overdue
from billing.invoicing.models import Acceleration, Invoice
from billing.invoicing.policy.due import effective_due_on
from billing.invoicing.queries.balances import open_invoices
from billing.money.policy.days import paris_day
from billing.subscriptions.actions.refund_unserved import refund_unserved
from billing.subscriptions.actions.start_subscription import END_CLAUSE
from billing.subscriptions.actions.take_back_unbegun import take_back_unbegun
from billing.subscriptions.models import Subscription, Termination
from billing.subscriptions.queries.subscriptions import orders_of
from contracts.policy.clauses import keeps
from tenants.actions.change_sub_tenant import change_access
from tenants.models import Contract, Tenant
from tenants.policy.states import may_become
from tenants.queries import workspace_of


def end_subscription(*, subscription: Subscription, on: date, reason: str, now: datetime) -> None:
    """End it from a day on; what was promised about its future is dropped. Call it with the row locked.

    Whatever word ended it, what is unpaid is due at once (LG-S20.3e).
    """
    subscription.end(on=on, reason=reason)
    contract = subscription.contract
    contract.state = Contract.State.ENDED
    contract.ends_on = max(on, contract.starts_on + timedelta(days=1))
    contract.save(update_fields=["state", "ends_on"])
    for clause, kind in ((END_CLAUSE[subscription.renewal], "term-end"), ("LG-S14.2n", "renewal-notice")):
        close_obligation(clause, kind=kind, subject=subscription.id, now=now, evidence={"ended": str(on)})
    log_action(
        "subscription.ended", by=None, on=subscription, at=now, facts={"on": str(on), "reason": reason}
    )
    _end_access(contract, on, now)
    _end_events(subscription, on, now)
    if was_terminated(subscription) and on < subscription.term.ends_on:
        for_event = reason == Termination.Ground.FORCE_MAJEURE
        today = paris_day(now)
        take_back_unbegun(subscription=subscription, additions=for_event, now=now, today=today)
    if was_terminated(subscription):
        make_due_at_once(subscription=subscription, on=max(on, paris_day(now)), now=now)
    enqueue_message(
        "billing/subscription_ended",
        ids={"subscription": subscription.id},
        now=now,
        key=f"subscription-ended:{subscription.id}:{now.isoformat()}",  # one that was taken back ends again
    )
    wake_worker()


@keeps("LG-S20.3m", "LG-S20.3e")
def _end_events(subscription: Subscription, on: date, now: datetime) -> None:
    """Let the events that last be over with the contract: what one had suspended is due as after any end,
    and the days that one kept from being served go back.
    """
    lasting = list(subscription.events.filter(ended_on=None))
    for event in lasting:
        event.end(on=max(on, event.started_on + timedelta(days=1)), with_contract=True)
    if lasting:
        refund_unserved(subscription=subscription, by=None, now=now, today=paris_day(now))


def was_terminated(subscription: Subscription) -> bool:
    """Return whether somebody's word ended it: a term that ran out asks nothing sooner, nor what a consumer
    withdrew from.
    """
    words = Termination.objects.filter(subscription=subscription)
    return words.exclude(how=Termination.Ground.WITHDRAWAL).exists()


def _end_access(contract: Contract, on: date, now: datetime) -> None:
    """End what the contract opened, a tenant or a circle of a shared one, unless another contract still runs
    there.
    """
    place = workspace_of(contract)
    if place is None or keeping_open(place, on=on).exclude(pk=contract.pk).exists():
        return
    if may_become(place.state, Tenant.State.ENDED):
        change_access(place=place, state=Tenant.State.ENDED, reason="subscription_ended", now=now)


@keeps("LG-S20.3e")
def make_due_at_once(*, subscription: Subscription, on: date, now: datetime) -> int:
    """Return how many unpaid invoices of a terminated subscription became due at once."""
    orders = orders_of(subscription)
    moved = 0
    for invoice in open_invoices().filter(order__in=orders, kind=Invoice.Kind.INVOICE):
        due_on = effective_due_on(invoice.falls_due_on, terminated_on=on)
        if due_on == invoice.falls_due_on:
            continue
        Acceleration.objects.update_or_create(invoice=invoice, defaults={"due_on": due_on, "created_at": now})
        schedule_overdue(invoice, due_on=due_on, now=now, occurrence=f"at-once:{due_on}")
        log_action("invoice.due_at_once", by=None, on=invoice, at=now, facts={"due_on": str(due_on)})
        apply_debt_standing(invoice_id=invoice.pk, now=now)
        moved += 1
    return moved
