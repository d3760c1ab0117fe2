"""Change a plan that was taken online: more at once, once it is paid; fewer from the next renewal on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.price_lines import LineDraft, PricedLine, price_lines
from billing.catalogue.policy.discount import Discount
from billing.catalogue.policy.methods import MethodRefused, Offer, methods_for
from billing.collections.queries.blocks import check_payments
from billing.customers.models import Contact
from billing.orders.actions.order_for_contract import order_for_contract
from billing.orders.models import Order
from billing.subscriptions.actions.announce_renewal import announce_change
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.amendment import Amendment, Change, plan_change
from billing.subscriptions.policy.trial import check_addition
from billing.subscriptions.queries.plans import Planned, plan_of
from billing.subscriptions.queries.trials import trial_ends_on
from contracts.labels import day_text
from contracts.policy.clauses import keeps


class NotChangeable(Exception):
    """Raised when the plan can't be changed this way.

    It ended, or was quoted and needs an amendment to sign.
    """


@dataclass(frozen=True, slots=True)
class PlanChangeRequest:
    """What a client asks of their plan, by the key of each thing, and how they pay for what is more."""

    wanted: Mapping[str, int]
    method: str
    terms_version: UUID


@keeps("LG-S15")
def changes_of(subscription: Subscription, wanted: Mapping[str, int], *, today: date) -> tuple[Change, ...]:
    """Return what would change, with its price: nothing is done. Raises NotChangeable, TermOver, InTrial."""
    if subscription.ended_on is not None or subscription.order.version_id is not None:
        raise NotChangeable
    plan = [each.counted for each in plan_of(subscription, today=today)]
    term = subscription.term
    changes = plan_change(
        plan,
        wanted,
        term_months=subscription.term_months,
        today=today,
        ends_on=term.ends_on,
        term_starts_on=term.starts_on,
    )
    if any(change.more is not None for change in changes):
        check_addition(trial_ends_on(subscription.contract_id), today=today)
    return changes


@transaction.atomic
@keeps("LG-S15")
def change_plan(
    *, subscription_id: UUID, asked: PlanChangeRequest, contact: Contact, now: datetime, today: date
) -> Order | None:
    """Return the order of what is added, to be paid: it is there once it is.

    None when there is nothing to pay.

    What is fewer is kept for the next renewal. Raises NotChangeable, TermOver, InTrial, OverdueOpen,
    DisputeOpen, MethodRefused.
    """
    rows = Subscription.objects.select_for_update(of=("self",)).select_related(
        "contract__tenant", "product", "order"
    )
    subscription = rows.get(pk=subscription_id)
    changes = changes_of(subscription, asked.wanted, today=today)
    plan = {each.counted.key: each for each in plan_of(subscription, today=today)}
    later = [change for change in changes if change.more is None]
    schedule_plan_change(
        subscription, {change.key: change.after for change in later}, by=contact, now=now, today=today
    )
    added = [(plan[change.key], change.more) for change in changes if change.more is not None]
    return _order(subscription, added, asked, contact, now, today) if added else None


@keeps("LG-S15")
def schedule_plan_change(
    subscription: Subscription, wanted: Mapping[str, int], *, by: Actor, now: datetime, today: date
) -> None:
    """Keep how many of each thing the next term is for; as many as now takes it back."""
    plan = {each.counted.key: each for each in plan_of(subscription, today=today)}
    for key, after in wanted.items():
        each = plan[key]
        left = None if after == each.counted.now else after
        if each.is_option:
            subscription.options.get(product=each.product).change(
                quantity=each.counted.now, next_quantity=left
            )
        else:
            subscription.agree_quantity(left)
        facts = {"product": key, "from": each.counted.now, "to": after}
        log_action("plan.to_change", by=by, on=subscription, at=now, facts=facts)
    if wanted:
        key = f"plan-to-change:{subscription.pk}:{now.isoformat()}"
        enqueue_message("billing/plan_to_change", ids={"subscription": subscription.pk}, now=now, key=key)
        announce_change(contract_id=subscription.contract_id, now=now)
        wake_worker()


@keeps("LG-S15", "LG-S6.1")
def priced_changes(
    subscription: Subscription, changes: Iterable[Change], *, language: str, today: date
) -> dict[str, PricedLine]:
    """Return by key what is added at once, priced as its invoice will ask it, whatever way it is paid."""
    plan = {each.counted.key: each for each in plan_of(subscription, today=today)}
    added = [(plan[each.key], each.more) for each in changes if each.more is not None]
    lines = price_lines(
        customer=subscription.customer,
        lines=[_line(subscription, each, more, language) for each, more in added],
        discount=Discount(),
        shipping_cents=0,
        method="",
        language=language,
        today=today,
        capacity=subscription.order.purchase_capacity,
    )
    return {each.counted.key: line for (each, _more), line in zip(added, lines, strict=True)}


def methods_of(subscription: Subscription, keys: Mapping[str, int], *, today: date) -> list[str]:
    """Return how what is added to a plan may be paid."""
    plan = {each.counted.key: each.product for each in plan_of(subscription, today=today)}
    offers = {key: Offer(plan[key].methods, plan[key].cheque_minimum) for key in keys}
    return sorted(methods_for(dict(keys), offers, currency=subscription.term.currency))


def _order(
    subscription: Subscription,
    added: list[tuple[Planned, Amendment]],
    asked: PlanChangeRequest,
    contact: Contact,
    now: datetime,
    today: date,
) -> Order:
    check_payments(subscription.customer_id, today)
    counts = {each.counted.key: more.licences_after for each, more in added}
    if asked.method not in methods_of(subscription, counts, today=today):
        raise MethodRefused(asked.method)
    if subscription.contract.tenant is None:
        raise NotChangeable
    lines = [_line(subscription, each, more, contact.language) for each, more in added]
    order = order_for_contract(
        contact=contact,
        lines=lines,
        contract=subscription.contract,
        method=asked.method,
        term_months=subscription.term_months,
        renewal=subscription.renewal,
        currency=subscription.term.currency,
        terms_version=asked.terms_version,
        capacity=subscription.order.purchase_capacity,
        now=now,
        today=today,
    )
    log_action("plan.changed", by=contact, on=subscription, at=now, facts=counts | {"order": order.number})
    return order


def _line(subscription: Subscription, each: Planned, more: Amendment, language: str) -> LineDraft:
    with override(language):
        words = _(
            "%(name)s: from %(before)d to %(after)d, %(start)s to %(end)s (%(days)d of %(whole)d days)"
        ) % {
            "name": each.product.name(language),
            "before": more.licences_before,
            "after": more.licences_after,
            "start": day_text(more.starts_on, "SHORT_DATE_FORMAT"),
            "end": day_text(more.last_day, "SHORT_DATE_FORMAT"),
            "days": more.days,
            "whole": more.days_of_term,
        }
    return LineDraft(
        each.product.pk,
        words,
        more.added,
        more.unit_net_cents,
        contract_id=subscription.contract_id,
        licences_after=more.licences_after,
        term_net_cents=each.counted.one_more_cents,
    )
