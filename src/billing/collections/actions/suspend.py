"""Warn, suspend and reinstate a tenant whose customer owes something or broke the contract."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.collections.models import Suspension
from billing.collections.policy.suspension import (
    AT_ONCE,
    SuspensionNotice,
    is_lifted,
    misuse_suspends,
    suspended_from,
)
from billing.collections.queries.suspensions import Concerned, concerned_by, keeping_open, suspensions_in
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of
from billing.money.gateways.holidays import customer_holidays
from billing.money.policy.days import paris_day, within_day
from contracts.policy.clauses import keeps
from contracts.policy.profiles import Profile
from tenants.actions.change_sub_tenant import change_access
from tenants.models import Customer, SubTenant, Tenant, Workspace
from tenants.queries import workspaces_of


class NotSuspendable(Exception):
    """Raised when nobody was told before, or the tenant isn't open."""


@transaction.atomic
@keeps("LG-S19", "MC-4")
def send_suspension_notice(*, invoice_id: UUID, now: datetime, today: date) -> int:
    """Return how many tenants were warned that access stops if an overdue invoice stays unpaid.

    The e-mail starts the profile's business days; a profile that suspends at once does so now. Called again
    it warns nobody twice.
    """
    invoice = Invoice.objects.select_for_update().select_related("customer").get(pk=invoice_id)
    if balance_of(invoice.pk) <= 0:
        return 0
    warned = 0
    for concerned in concerned_by(invoice):
        if concerned.profile.suspension.when == "never":
            continue
        warned += _warn(invoice, concerned, now, today)
    return warned


def notice_key(suspension_id: UUID) -> str:
    """Return the name under which the notice of a suspension lies in the outbox, once."""
    return f"suspension-notice:{suspension_id}"


def _warn(invoice: Invoice, concerned: Concerned, now: datetime, today: date) -> int:
    at_once = concerned.profile.suspension.when == "at_once"
    row, made = Suspension.objects.get_or_create(
        tenant_id=concerned.tenant_id,
        invoice=invoice,
        lifted_at=None,
        defaults={"customer": invoice.customer, "notified_at": now, "created_at": now, "at_once": at_once},
    )
    if not made:
        return 0
    log_action("suspension.noticed", by=None, on=invoice, at=now, facts={"tenant": str(row.tenant_id)})
    if not at_once:
        enqueue_message(
            "billing/suspension_notice",
            ids={"suspension": row.id},
            now=now,
            key=notice_key(row.id),
        )
    _promise(row, concerned.profile, now, today)
    wake_worker()
    return 1


def _promise(row: Suspension, rules: Profile, now: datetime, today: date) -> None:
    """Promise the suspension itself for the first day it may be."""
    day = first_day(row, rules, today)
    if day is not None:
        span = within_day(day, now=now)
        open_obligation("LG-S19", kind="suspend", subject=row.id, **span, now=now, tenant_id=row.tenant_id)


def first_day(row: Suspension, rules: Profile, today: date) -> date | None:
    """Return the first day on which access may stop; None while no clock runs."""
    notice = (
        SuspensionNotice(paris_day(row.notified_at), row.bounced_at is not None) if row.notified_at else None
    )
    since = notice.sent_on if notice else today
    return suspended_from(
        notice,
        when=rules.suspension.when,
        cause=row.cause,
        today=today,
        business_days=rules.suspension.business_days,
        holidays=customer_holidays(row.customer, since),
    )


@transaction.atomic
@keeps("LG-S19", "MC-4")
def suspend_unpaid(*, suspension_id: UUID, now: datetime) -> bool:
    """Return whether access was stopped: the invoice is still unpaid, be it by a cent, and the notice
    arrived.
    """
    row = Suspension.objects.select_for_update().get(pk=suspension_id)
    paid = row.invoice_id is not None and balance_of(row.invoice_id) <= 0
    if row.lifted_at or row.suspended_at or row.bounced_at or paid:
        return False
    return _suspend(row, None, now)


@transaction.atomic
@keeps("LG-S19", "MC-7")
def suspend_at_once(
    *,
    tenant: Tenant,
    customer: Customer,
    cause: str,
    reason: str,
    told_on: date | None,
    by: Actor,
    now: datetime,
    today: date,
) -> Suspension:
    """Return the suspension of a tenant for a serious or repeated breach, a danger or an injunction, or for
    misuse.

    A plain breach is suspended only after an e-mail said so (`told_on`). Raises NotSuspendable.
    """
    is_open = any(place.state == Tenant.State.OPEN for place in workspaces_of(tenant, customer.pk))
    if not is_open or (cause not in AT_ONCE and not misuse_suspends(told_on=told_on, today=today)):
        raise NotSuspendable(cause)
    row = Suspension.objects.create(
        tenant_id=tenant.pk,
        customer=customer,
        cause=cause,
        reason=reason,
        at_once=cause in AT_ONCE,
        created_at=now,
    )
    _suspend(row, by, now)
    return row


def _suspend(row: Suspension, by: Actor | None, now: datetime) -> bool:
    there = workspaces_of(Tenant.objects.get(pk=row.tenant_id), row.customer_id)
    places = [place for place in there if place.state in {Tenant.State.OPEN, Tenant.State.SUSPENDED}]
    if not places:
        return False
    row.mark_suspended(at=now)
    reason = row.reason or row.cause
    for place in places:
        if place.state == Tenant.State.OPEN and not _kept_open(place, row, paris_day(now)):
            change_access(place=place, state=Tenant.State.SUSPENDED, reason=reason, now=now, by=by)
    log_action(
        "suspension.begun",
        by=by,
        on=row,
        at=now,
        facts={
            "cause": row.cause,
            "at_once": row.at_once,
            "tenant": str(row.tenant_id),
        },
    )
    enqueue_message(
        "billing/access_suspended", ids={"suspension": row.id}, now=now, key=f"access-suspended:{row.id}"
    )
    wake_worker()
    return True


def _kept_open(place: Workspace, row: Suspension, today: date) -> bool:
    """Return whether somebody else's contract keeps a circle open that this customer's also leads to."""
    others = keeping_open(place, on=today).exclude(customer_id=row.customer_id)
    return isinstance(place, SubTenant) and others.exists()


@keeps("LG-S19", "MC-4")
def lift_paid(*, invoice: Invoice, now: datetime) -> int:
    """Return how many tenants got their access back at once because this invoice is paid in full."""
    rows = list(Suspension.objects.select_for_update().filter(invoice=invoice, lifted_at=None))
    return sum(lift(suspension=row, by=None, now=now) for row in rows)


@transaction.atomic
@keeps("LG-S19")
def lift(*, suspension: Suspension, by: Actor | None, now: datetime) -> bool:
    """Return whether access is back: this cause is remedied, and no other stands."""
    suspension.mark_lifted(at=now)
    tenant = Tenant.objects.get(pk=suspension.tenant_id)
    close_obligation("LG-S19", kind="suspend", subject=suspension.id, now=now, evidence={"remedied": True})
    log_action("suspension.lifted", by=by, on=suspension, at=now, facts={"tenant": str(suspension.tenant_id)})
    others = suspensions_in(tenant, suspension.customer_id).filter(lifted_at=None, suspended_at__isnull=False)
    unpaid = [balance_of(row.invoice_id) for row in others if row.invoice_id]
    places = [
        one for one in workspaces_of(tenant, suspension.customer_id) if one.state == Tenant.State.SUSPENDED
    ]
    remedied = is_lifted(unpaid, other_causes=others.filter(invoice=None).count())
    if not places or not remedied:
        return False
    for place in places:
        change_access(place=place, state=Tenant.State.OPEN, reason="", now=now, by=by)
    enqueue_message(
        "billing/access_restored",
        ids={"suspension": suspension.id},
        now=now,
        key=f"access-restored:{suspension.id}",
    )
    wake_worker()
    return True


@transaction.atomic
@keeps("LG-S19")
def note_bounce(*, suspension: Suspension, by: Actor, now: datetime) -> None:
    """Keep that the notice bounced: no clock runs from it, and what was promised is dropped."""
    suspension.mark_bounced(at=now)
    close_obligation("LG-S19", kind="suspend", subject=suspension.id, now=now, evidence={"bounced": True})
    log_action("suspension.notice_bounced", by=by, on=suspension, at=now)
