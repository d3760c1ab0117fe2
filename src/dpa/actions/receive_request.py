"""What becomes of a person's request that reached the operator: forwarded, handed to us, or nobody's."""

from datetime import datetime

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.policy.clauses import keeps
from dpa.actions.open_request import open_request
from dpa.models import DataRequest, Instruction, ReceivedRequest
from dpa.policy.requests import check_operator_may_answer, forward_clock
from dpa.queries.breaches import is_ours
from dpa.queries.requests import FORWARD, FORWARD_ALARM, FORWARD_CLAUSE, forward_hours
from isolation.context import inside
from tenants.models import Tenant


class PlacedAlready(Exception):
    """Raised when a request lies with who answers it already."""


class NotForwarded(Exception):
    """Raised when something is wanted of a request that was not forwarded."""


@transaction.atomic
@keeps("LG-D10.1")
def record_received(
    *,
    channel: str,
    right: str,
    received_at: datetime,
    now: datetime,
    by: Actor | None = None,
    tenant: Tenant | None = None,
    **said: str,
) -> ReceivedRequest:
    """Return a request that reached the operator, its 48 hours running from its receipt. As the operator.

    `said` is who wrote and what: organisation, sender, contact, words. Where the tenant is known it is
    forwarded at once, and nothing of that stays here.
    """
    clock = forward_clock(received_at=received_at, hours=forward_hours())
    received = ReceivedRequest.objects.create(
        channel=channel,
        right=right,
        received_at=received_at,
        due_at=clock.due_at,
        recorded_by=by.id if by else None,
        recorded_at=now,
        **said,
    )
    log_action("rights.received", by=by, on=received, at=now, facts={"right": right, "channel": channel})
    open_obligation(
        FORWARD_CLAUSE, kind=FORWARD, subject=received.pk, run_at=now, due_at=clock.due_at, now=now
    )
    alarm_at = max(now, clock.alarm_at)
    if alarm_at < clock.due_at:
        open_obligation(
            FORWARD_CLAUSE,
            kind=FORWARD_ALARM,
            subject=received.pk,
            run_at=alarm_at,
            due_at=clock.due_at,
            now=now,
        )
    if tenant is None:
        return received
    return place_request(received=received, tenant=tenant, by=by, now=now)


@transaction.atomic
@keeps("LG-D10.1", "LG-D1")
def place_request(
    *, received: ReceivedRequest, tenant: Tenant, by: Actor | None, now: datetime
) -> ReceivedRequest:
    """Return the request, in the register of the tenant whose data it asks about; its words leave this one.

    The controller is told by mail; where the operator is the controller it is ours to answer. As the
    operator. Raises PlacedAlready.
    """
    row = ReceivedRequest.objects.select_for_update().get(pk=received.pk)
    if row.is_placed or row.dropped_at is not None:
        raise PlacedAlready
    with inside(tenant):
        placed = open_request(
            right=row.right,
            origin=DataRequest.Origin.OPERATOR,
            received_at=row.received_at,
            now=now,
            sender=row.sender,
            contact=row.contact,
            words=row.words,
            received_id=row.pk,
        )
    row.tenant_id, row.request_id, row.is_ours = tenant.pk, placed.pk, is_ours(tenant, now)
    row.sender = row.contact = row.words = row.organisation = ""
    row.save()
    facts = {"tenant": str(tenant.pk), "right": row.right}
    log_action("rights.placed", by=by, on=row, at=now, facts=facts)
    if row.is_ours:
        _settle_clock(row, now=now, why="the operator is the controller")
    else:
        _send(row, now=now)
    return row


def _send(row: ReceivedRequest, *, now: datetime) -> None:
    row.attempt += 1
    row.forwarded_at = None
    row.save(update_fields=["attempt", "forwarded_at"])
    ids = {"received": str(row.pk)}
    enqueue_message("dpa/rights_forwarded", ids=ids, now=now, key=row.message_key)
    wake_worker()


@transaction.atomic
@keeps("LG-D10.1")
def mark_forwarding_returned(*, received: ReceivedRequest, by: Actor, now: datetime) -> ReceivedRequest:
    """Return the request, owed again: the mail came back and told the controller nothing.

    It leaves again, to the customer's own address too. Raises NotForwarded.
    """
    row = ReceivedRequest.objects.select_for_update().get(pk=received.pk)
    if row.forwarded_at is None:
        raise NotForwarded
    row.returned_at = now
    row.save(update_fields=["returned_at"])
    _send(row, now=now)
    open_obligation(
        FORWARD_CLAUSE,
        kind=FORWARD,
        subject=row.pk,
        occurrence=str(row.attempt),
        run_at=now,
        due_at=row.due_at,
        now=now,
    )
    log_action("rights.forwarding_returned", by=by, on=row, at=now)
    return row


def note_forwarded(*, received: ReceivedRequest, now: datetime) -> None:
    """Keep that the controller has it: the mail left. As the operator."""
    received.forwarded_at = now
    received.save(update_fields=["forwarded_at"])
    close_obligation(
        FORWARD_CLAUSE, kind=FORWARD_ALARM, subject=received.pk, now=now, evidence={"why": "forwarded"}
    )


@transaction.atomic
def drop_received(*, received: ReceivedRequest, reason: str, by: Actor, now: datetime) -> None:
    """Keep that a request is nobody's here, and why: what was written goes. Raises PlacedAlready."""
    row = ReceivedRequest.objects.select_for_update().get(pk=received.pk)
    if row.is_placed:
        raise PlacedAlready
    row.dropped_for, row.dropped_at = reason, now
    row.sender = row.contact = row.words = row.organisation = ""
    row.save()
    log_action("rights.dropped", by=by, on=row, at=now)
    _settle_clock(row, now=now, why="no data here")


def _settle_clock(row: ReceivedRequest, *, now: datetime, why: str) -> None:
    for kind in (FORWARD, FORWARD_ALARM):
        close_obligation(FORWARD_CLAUSE, kind=kind, subject=row.pk, now=now, evidence={"why": why})


@transaction.atomic
@keeps("LG-D10.1")
def mark_answered_by_operator(*, received: ReceivedRequest, by: Actor, now: datetime) -> ReceivedRequest:
    """Return a request that the operator answered, as the controller instructed. As the operator.

    Raises NotInstructed.
    """
    row = ReceivedRequest.objects.select_for_update().get(pk=received.pk)
    told = Instruction.objects.exclude(state=Instruction.State.UNLAWFUL).exclude(request_id=None)
    is_instructed = told.filter(request_id=row.request_id).exists()
    check_operator_may_answer(is_controller=row.is_ours, is_instructed=is_instructed)
    row.answered_at = now
    row.save(update_fields=["answered_at"])
    log_action("rights.answered_by_operator", by=by, on=row, at=now)
    return row


def raise_forward_alarm(*, received: ReceivedRequest, now: datetime) -> str:
    """Return the key of the alarm that a request isn't forwarded yet. As the operator."""
    key = f"rights-alarm-{received.pk}"
    log_action("rights.alarm", by=None, on=received, at=now)
    enqueue_message("dpa/rights_alarm", ids={"received": str(received.pk)}, now=now, key=key)
    return key
