"""Take back a termination whose ground turns out not to exist, by all that is known now."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.actions.reopen_obligation import reopen_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.actions.apply_debt_standing import apply_debt_standing
from billing.invoicing.actions.schedule_overdue import schedule_overdue
from billing.invoicing.models import Acceleration
from billing.invoicing.queries.balances import falls_due_on
from billing.money.policy.days import paris_day
from billing.subscriptions.actions.force_majeure import follow_event
from billing.subscriptions.actions.start_subscription import END_CLAUSE
from billing.subscriptions.models import Subscription, Termination
from billing.subscriptions.queries.subscriptions import orders_of
from billing.subscriptions.queries.suspended import closing_causes, was_breached, was_founded
from contracts.policy.clauses import keeps
from tenants.actions.change_sub_tenant import change_access
from tenants.models import Contract, Tenant
from tenants.queries import workspace_of


@transaction.atomic
@keeps("LG-S20.3s", "LG-S19")
def undo_unfounded_terminations(
    *, tenant_id: UUID, customer_id: UUID, by: Actor | None, now: datetime
) -> list[Subscription]:
    """Return the subscriptions that run on: ended as suspended too long, which they were not.

    Nothing founded it on that day, by all that is known now: the message never arrived, the debt had been
    paid, an event suspended it. Their term, their promises and their access are as before; what had become
    due at once is due on its day again. A tenant whose data were destroyed meanwhile can't come back.
    """
    ended = Subscription.objects.select_for_update(of=("self",)).filter(
        contract__tenant_id=tenant_id, customer_id=customer_id, end_reason=Termination.Ground.SUSPENDED
    )
    found = []
    for subscription in ended.select_related("contract"):
        assert subscription.ended_on is not None
        if not was_founded(subscription, on=subscription.ended_on) and _can_run_on(subscription):
            _run_on(subscription, by, now)
            found.append(subscription)
    return found


@transaction.atomic
@keeps("LG-S20.1")
def undo_unfounded_breach(*, subscription_id: UUID, by: Actor | None, now: datetime) -> bool:
    """Return whether a subscription runs on that was ended for a breach before its letter allowed it.

    What the post said of the letter was corrected: presented later, or remedied in time. All is as before,
    as where it was ended as suspended too long.
    """
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("contract")
    subscription = rows.get(pk=subscription_id)
    ended_on = subscription.ended_on
    if ended_on is None or subscription.end_reason != Termination.Ground.BREACH:
        return False
    if was_breached(subscription, on=ended_on) or not _can_run_on(subscription):
        return False
    _run_on(subscription, by, now)
    return True


def _can_run_on(subscription: Subscription) -> bool:
    """Return whether its data are still there to run on with."""
    place = workspace_of(subscription.contract)
    return place is not None and place.state != Tenant.State.ERASED


def _run_on(subscription: Subscription, by: Actor | None, now: datetime) -> None:
    ended_on = subscription.ended_on
    if paris_day(now) >= subscription.term.ends_on:
        _end_with_its_term(subscription, by, now)
        return
    contract = subscription.contract
    ground = subscription.end_reason
    subscription.run_on()
    for event in subscription.events.filter(is_over_with_contract=True):
        event.go_on()
        follow_event(event, now)
    subscription.terminations.filter(how=ground).delete()
    contract.state = Contract.State.RUNNING
    contract.ends_on = subscription.term.ends_on
    contract.save(update_fields=["state", "ends_on"])
    for clause, kind in ((END_CLAUSE[subscription.renewal], "term-end"), ("LG-S14.2n", "renewal-notice")):
        why = {"ended": str(ended_on)}
        reopen_obligation(clause, kind=kind, subject=subscription.id, evidence=why)
    facts = {"ended_on": str(ended_on), "how": ground}
    log_action("subscription.termination_undone", by=by, on=subscription, at=now, facts=facts)
    _give_access_back(subscription, now)
    _take_back_what_fell_due(subscription, now)
    key = f"termination-undone:{subscription.id}:{now.isoformat()}"
    ids = {"subscription": subscription.id, "ground": ground, "ended_on": str(ended_on)}
    enqueue_message("billing/termination_undone", ids=ids, now=now, key=key)
    wake_worker()


@keeps("LG-S14.2n")
def _end_with_its_term(subscription: Subscription, by: Actor | None, now: datetime) -> None:
    """Let it have ended with its term, which is over: nothing renews that its client thought had ended."""
    ends_on = subscription.term.ends_on
    if subscription.ended_on == ends_on:
        return
    ground = subscription.end_reason
    facts = {"ended_on": str(subscription.ended_on), "how": ground, "ends_on": str(ends_on)}
    subscription.end(on=ends_on, reason="term")
    subscription.terminations.filter(how=ground).delete()
    subscription.contract.ends_on = ends_on
    subscription.contract.save(update_fields=["ends_on"])
    log_action("subscription.termination_undone", by=by, on=subscription, at=now, facts=facts)
    _take_back_what_fell_due(subscription, now)
    key = f"subscription-ended:{subscription.id}:{now.isoformat()}"
    enqueue_message("billing/subscription_ended", ids={"subscription": subscription.id}, now=now, key=key)
    wake_worker()


def _give_access_back(subscription: Subscription, now: datetime) -> None:
    """Open what the end had closed, or leave it suspended where a cause still stands."""
    place = workspace_of(subscription.contract)
    if place is None or place.state != Tenant.State.ENDED:
        return
    change_access(place=place, state=Tenant.State.OPEN, reason="", now=now)
    if closing_causes(subscription).exists():
        place.refresh_from_db()
        change_access(place=place, state=Tenant.State.SUSPENDED, reason="", now=now)


def _take_back_what_fell_due(subscription: Subscription, now: datetime) -> None:
    sooner = Acceleration.objects.filter(invoice__order__in=orders_of(subscription)).select_related("invoice")
    for row in sooner:
        invoice = row.invoice
        row.delete()
        day = falls_due_on(invoice)
        schedule_overdue(invoice, due_on=day, now=now, occurrence=f"on its day again:{day}")
        log_action("invoice.due_as_agreed", by=None, on=invoice, at=now, facts={"due_on": str(day)})
        apply_debt_standing(invoice_id=invoice.pk, now=now)
