"""What is asked about trials and saved methods."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q

from billing.orders.models import Order
from billing.payments.models import Checkout, MethodSetup
from billing.payments.policy.online import CARD, DEBIT
from billing.payments.queries.online import OURS, online_methods
from billing.subscriptions.models import Subscription, Trial


def charged_online(customer_id: UUID) -> list[Subscription]:
    """Return the subscriptions whose terms a saved method pays: those that run and are paid online."""
    rows = Subscription.objects.alive().filter(customer_id=customer_id, method__in=OURS)
    return list(rows.select_related("product", "order", "contract__tenant"))


def methods_to_save(customer_id: UUID) -> tuple[str, ...]:
    """Return the kinds of method a client may leave.

    What all that is charged on it allows, the card first.
    """
    orders = [subscription.order for subscription in charged_online(customer_id)]
    allowed = [set(online_methods(order)) for order in orders]
    found = set.intersection(*allowed) if allowed else set()
    return tuple(kind for kind in (CARD, DEBIT) if kind in found)


def trial_of(subscription: Subscription) -> Trial | None:
    """Return the trial of a subscription that still lasts, None when there is none or it is over."""
    return Trial.objects.undecided().filter(subscription=subscription).first()


def trials_end_on(contract_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return by contract the end of each trial that still lasts."""
    rows = Trial.objects.undecided().filter(subscription__contract_id__in=contract_ids)
    return dict(rows.values_list("subscription__contract_id", "ends_on"))


def trial_ends_on(contract_id: UUID) -> date | None:
    """Return the end of a contract's trial that still lasts, None where it is in none."""
    return trials_end_on([contract_id]).get(contract_id)


def due_next_on(subscription: Subscription) -> date:
    """Return the next day something would fall due.

    The trial's end while it lasts, then the end of the term.
    """
    trial = trial_of(subscription)
    return trial.ends_on if trial else subscription.term.ends_on


def due_days(subscription: Subscription) -> list[date]:
    """Return the days on which something fell due or would next, the first first: the end of its trial, and
    once that is over of each term.
    """
    trial = Trial.objects.filter(subscription=subscription).first()
    tried = [trial.ends_on] if trial else []
    if trial_of(subscription):
        return tried
    return [*tried, *subscription.terms.order_by("position").values_list("ends_on", flat=True)]


def attempts_of(order: Order) -> list[Checkout | MethodSetup]:
    """Return how an order was tried to be paid online, or a method left for its trial; the newest first."""
    paid = (
        Checkout.objects.filter(Q(order=order) | Q(invoice__order=order)).select_related("method").distinct()
    )
    left = MethodSetup.objects.filter(order=order).select_related("method")
    return sorted([*paid, *left], key=lambda attempt: attempt.started_at, reverse=True)
