"""Which causes stopped access to a subscription, which of them found its end, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.collections.models import RegisteredLetter, Suspension, SuspensionQuerySet
from billing.collections.policy.letters import breach_ends_on
from billing.collections.policy.suspension import standing_since
from billing.collections.queries.shown import told_suspended_at
from billing.collections.queries.standing import was_overdue
from billing.collections.queries.suspensions import suspensions_in
from billing.money.policy.days import paris_day
from billing.subscriptions.models import Subscription, Termination
from billing.subscriptions.policy.state import SUSPENDED
from billing.subscriptions.policy.termination import founds_termination, suspended_may_end_on
from billing.subscriptions.queries.state import state_of_subscription
from billing.subscriptions.queries.subscriptions import paid_by, profile_of
from contracts.policy.clauses import keeps
from tenants.queries import workspace_of


def closing_causes(subscription: Subscription) -> SuspensionQuerySet:
    """Return the causes for which access to a subscription's tenant is stopped, the first one first."""
    return _causes(subscription).closing().order_by("suspended_at")


@dataclass(frozen=True, slots=True)
class StoppedAccess:
    """Since when access to a subscription is stopped, and for what; by hand, no cause is written down."""

    since: date | None
    own: list[Suspension]  # the causes of its own customer
    others: bool  # those of another one, in the same tenant
    reason: str = ""  # what was typed where no cause was written down; for the operator alone


def stopped_access(subscription: Subscription) -> StoppedAccess | None:
    """Return since when access to a subscription is stopped and why, None while it isn't."""
    if state_of_subscription(subscription) != SUSPENDED:
        return None
    causes = list(closing_causes(subscription).select_related("invoice"))
    own = [row for row in causes if row.customer_id == subscription.customer_id]
    if causes:
        return StoppedAccess(_stopped_since(subscription), own, len(own) < len(causes))
    place = workspace_of(subscription.contract)
    return StoppedAccess(None, [], False, place.state_reason if place else "")


def _stopped_since(subscription: Subscription) -> date | None:
    """Return since when one cause or another has stopped access to a tenant without a break."""
    rows = _causes(subscription).exclude(suspended_at=None)
    spans = [(row.suspended_at, row.lifted_at or row.bounced_at) for row in rows if row.suspended_at]
    since = standing_since(spans)
    return paris_day(since) if since else None


@keeps("LG-S20.3s", "MC-4")
def founding_causes(subscription: Subscription) -> list[Suspension]:
    """Return the causes that stop access to a subscription and found its end."""
    return [row for row in closing_causes(subscription) if founds_end(row, subscription)]


def founds_end(row: Suspension, subscription: Subscription) -> bool:
    """Return whether a cause founds the end of a subscription: a debt only of what owes it."""
    return founds_termination(
        is_own=row.customer_id == subscription.customer_id,
        is_debt=row.invoice is not None,
        owes=row.invoice is not None and paid_by(row.invoice).filter(pk=subscription.pk).exists(),
    )


def may_end_on(row: Suspension, subscription: Subscription) -> date | None:
    """Return from when a cause that stopped access allows to terminate, None while its message waits."""
    told_at = row.suspended_at if row.at_once else told_suspended_at(row)
    if told_at is None:
        return None
    days = profile_of(subscription.contract).termination.suspended_days
    return suspended_may_end_on(told_on=paris_day(told_at), at_once=row.at_once, days=days)


@keeps("LG-S20.3s")
def was_founded(subscription: Subscription, *, on: date) -> bool:
    """Return whether a cause allowed to end a subscription on a day, by all that is known of it now.

    A debt that was due then and remedied since founded it; one that had been paid, or whose warning or
    message nobody got, did not.
    """
    rows = _causes(subscription).filter(bounced_at=None, suspended_at__isnull=False)
    for row in rows.select_related("invoice"):
        day = may_end_on(row, subscription)
        if day is not None and day <= on and founds_end(row, subscription) and _stood(row, on):
            return True
    return False


@keeps("LG-S20.1")
def was_breached(subscription: Subscription, *, on: date) -> bool:
    """Return whether a registered letter allowed to end a subscription for a breach on a day, by all that the
    post has said of it by now.
    """
    days = profile_of(subscription.contract).termination.breach_days
    letters = subscription.letters.filter(purpose=RegisteredLetter.Purpose.BREACH)
    ends = [
        breach_ends_on(first_presented_on=each.presented_on, remedied_on=each.remedied_on, days=days)
        for each in letters
        if each.presented_on is not None
    ]
    return any(day is not None and day <= on for day in ends)


def tenants_ended_as_suspended(customer_id: UUID) -> set[UUID]:
    """Return where subscriptions of a customer were ended because a suspension lasted too long."""
    rows = Subscription.objects.filter(customer_id=customer_id, end_reason=Termination.Ground.SUSPENDED)
    return set(rows.exclude(contract__tenant=None).values_list("contract__tenant", flat=True))


def _stood(row: Suspension, on: date) -> bool:
    """Return whether a cause was there on a day."""
    if row.invoice is not None:
        return was_overdue(row.invoice, on=on)
    return row.lifted_at is None or paris_day(row.lifted_at) >= on


def _causes(subscription: Subscription) -> SuspensionQuerySet:
    tenant = subscription.contract.tenant
    return suspensions_in(tenant, subscription.customer_id) if tenant else Suspension.objects.none()
