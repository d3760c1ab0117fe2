"""Start what an order sold: its first term, and the promises that go with it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import open_obligation
from audit.actions import log_action
from billing.money.policy.calendar_months import add_months
from billing.money.policy.days import OFFICE_OPENS, within_day
from billing.orders.actions.record_checkout_step import confirmation_key
from billing.orders.models import Order, OrderLine
from billing.orders.queries.trial import trial_offered
from billing.subscriptions.actions.announce_renewal import promise_notice
from billing.subscriptions.actions.tell_subscribers import tell_new_subscriber
from billing.subscriptions.models import (
    RenewalNotice,
    Subscription,
    SubscriptionOption,
    SubscriptionTerm,
    Trial,
)
from billing.subscriptions.policy.renewal import (
    announced_in_confirmation,
    next_term,
    notice_due_on,
)
from billing.subscriptions.policy.trial import Period, reminded_on, trial_from
from billing.subscriptions.queries.subscriptions import profile_of
from contracts.policy.clauses import keeps
from tenants.models import Contract

END_CLAUSE = {"fixed": "LG-S14.2f", "automatic": "LG-S14.2a"}


@transaction.atomic
@keeps("LG-S14.1", "LG-S14.2n", "LG-S14.3")
def start_subscription(
    *, order: Order, line: OrderLine, contract: Contract, now: datetime, today: date
) -> Subscription:
    """Return the subscription of one line of an order, its first term from today.

    Once however often it is started.

    What is tried first has its first term from the trial's end: the trial's own row says what is before it.
    """
    assert line.product is not None
    days = trial_offered(order)
    trial = trial_from(today, days=days) if days else None
    begins_on = trial.ends_on if trial else today
    subscription, made = _made_once(contract, order, line, begins_on, now)
    if not made:
        return subscription
    term = subscription.begin_term(
        starts_on=begins_on,
        ends_on=add_months(begins_on, order.term_months),
        quantity=line.quantity,
        unit_net_cents=line.unit_net_cents,
        currency=order.currency,
        order=order,
        terms_version=order.terms_accepted,
    )
    _take_options(subscription, order, line, now)
    is_automatic = subscription.renewal == Subscription.Renewal.AUTOMATIC
    if is_automatic and announced_in_confirmation(term.as_policy, renewal=profile_of(contract).renewal):
        _told_in_confirmation(subscription, term, now)
    promise(subscription, term, now=now)
    if trial:
        _try(subscription, trial, now)
    tell_new_subscriber(subscription=subscription, now=now)
    days_of_term = {"starts_on": str(term.starts_on), "ends_on": str(term.ends_on)}
    facts = {"order": order.number, "renewal": order.renewal} | days_of_term
    log_action("subscription.started", by=None, on=subscription, at=now, facts=facts)
    return subscription


def _made_once(
    contract: Contract, order: Order, line: OrderLine, begins_on: date, now: datetime
) -> tuple[Subscription, bool]:
    """Return the subscription of a contract and whether it was made now."""
    said = {
        "customer_id": order.customer_id,
        "contact_id": order.contact_id,
        "product": line.product,
        "order": order,
        "method": order.method,
        "renewal": order.renewal,
        "term_months": order.term_months,
        "activated_on": begins_on,
        "created_at": now,
    }
    return Subscription.objects.get_or_create(contract=contract, defaults=said)


def _take_options(subscription: Subscription, order: Order, line: OrderLine, now: datetime) -> None:
    """Keep the options that were bought for the same site with it."""
    rows = order.lines.filter(
        product__option_of=line.product, site=line.site, contract_id=None, licences_after=None
    )
    taken: dict[UUID, SubscriptionOption] = {}
    for row in rows.prefetch_related("withdrawn__back"):
        assert row.product_id is not None
        if not row.kept:
            continue
        option = taken.setdefault(
            row.product_id,
            SubscriptionOption(
                subscription=subscription,
                product_id=row.product_id,
                quantity=0,
                unit_net_cents=row.unit_net_cents,
                order=order,
                created_at=now,
            ),
        )
        option.quantity += row.kept
    SubscriptionOption.objects.bulk_create(taken.values())


def promise(subscription: Subscription, term: SubscriptionTerm, *, now: datetime) -> None:
    """Promise the end of a term, and the notices that must leave while it runs."""
    owner = subscription.contract.tenant_id
    period = term.as_policy
    open_obligation(
        END_CLAUSE[subscription.renewal],
        kind="term-end",
        subject=subscription.id,
        now=now,
        tenant_id=owner,
        **within_day(period.ends_on, now=now),
        occurrence=str(period.ends_on),
    )
    rules = profile_of(subscription.contract).renewal
    if subscription.renewal == Subscription.Renewal.FIXED:  # nothing follows: its own end is told
        promise_notice(subscription, period, now=now)
        return
    to_announce = [] if announced_in_confirmation(period, renewal=rules) else [period]
    following = next_term(period, activated_on=subscription.activated_on, months=subscription.term_months)
    if notice_due_on(following, renewal=rules) <= following.starts_on:  # too short to be told while it runs
        to_announce.append(following)
    for each in to_announce:
        promise_notice(subscription, each, now=now)


def _try(subscription: Subscription, period: Period, now: datetime) -> None:
    """Keep the trial, and promise its reminder and its end: once for all that was ordered together."""
    trial = Trial.objects.create(
        subscription=subscription, starts_on=period.starts_on, ends_on=period.ends_on
    )
    details: dict[str, Any] = {
        "subject": subscription.order_id,
        "tenant_id": subscription.contract.tenant_id,
        "now": now,
    }
    open_obligation("LG-S14.3", kind="trial-end", **within_day(trial.ends_on, now=now), **details)
    ahead_days = profile_of(subscription.contract).trial.reminder_days
    if day := reminded_on(period, ahead_days=ahead_days):
        open_obligation(
            "LG-S14.3", kind="trial-reminder", **within_day(day, now=now, opens=OFFICE_OPENS), **details
        )
    facts = {"starts_on": str(trial.starts_on), "ends_on": str(trial.ends_on)}
    log_action("trial.started", by=None, on=subscription, at=now, facts=facts)


def _told_in_confirmation(subscription: Subscription, term: SubscriptionTerm, now: datetime) -> None:
    RenewalNotice.objects.create(
        subscription=subscription,
        renews_on=term.ends_on,
        unit_net_cents=term.unit_net_cents,
        quantity=term.quantity,
        currency=term.currency,
        terms_version=term.terms_version,
        sent_on=subscription.order.confirmed_on,
        message_key=confirmation_key(subscription.order_id),
        created_at=now,
    )
