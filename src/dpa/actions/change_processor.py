"""Announce a change of a sub-processor, follow it, start it when it may, or withdraw it."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.policy.clauses import keeps
from dpa.models import ChangeNotice, ChangeObjection, ProcessorChange, ProcessorTenant, ProcessorVersion
from dpa.policy.processors import ProcessorTerms, Start, check_transfer, kinds_of_change
from dpa.queries.processors import HOUSE, LIVE, house_day, standings, start_for, terms_of
from tenants.models import Tenant

CLAUSE = "LG-D8"
NOTICE = "processor-notice"
SILENCE = "processor-silence"
FOLLOW = "processor-followed"
LOOKS_AT = time(7)
WITHIN = timedelta(days=1)


class NothingChanges(Exception):
    """Raised when a sub-processor would be changed to what it is already."""


class UnderWay(Exception):
    """Raised when a change of the same sub-processor is announced already."""


class TooEarly(Exception):
    """Raised when a change may not start yet: `not_before` is when it may, None while somebody waits."""

    def __init__(self, start: Start) -> None:
        super().__init__(start.not_before)
        self.start = start


class NotPending(Exception):
    """Raised when a change has started, or was withdrawn."""


def terms_wanted(values: dict[str, Any], tenants: Collection[UUID]) -> ProcessorTerms:
    """Return what counts of a sub-processor as somebody has filled it in."""
    return ProcessorVersion(**values).terms(frozenset(tenants))


@transaction.atomic
@keeps("LG-D8", "LG-D9")
def announce_change(
    *,
    values: dict[str, Any],
    tenants: Collection[UUID] = (),
    replaces: ProcessorVersion | None,
    planned_on: date,
    by: Actor | None,
    now: datetime,
) -> ProcessorChange:
    """Return the change, announced to the tenants it concerns; it starts once none of them can object.

    `values` are the fields of the version to come, `tenants` those it is limited to. As the operator. Raises
    NoMechanism, OtherWithoutWords, NothingChanges, UnderWay.
    """
    check_transfer(
        country=values["country"],
        mechanism=values.get("mechanism", ""),
        words=values.get("mechanism_words", ""),
    )
    before = _standing_version(replaces)
    if before is not None and _is_same(before, values, tenants):
        raise NothingChanges(before.pk)
    version = ProcessorVersion.objects.create(
        **values,
        processor=before.processor if before else uuid4(),
        is_limited=bool(tenants),
        created_at=now,
    )
    limited = [ProcessorTenant(version=version, tenant_id=each) for each in tenants]
    ProcessorTenant.objects.bulk_create(limited)
    kinds = sorted(kinds_of_change(terms_of(before), version.terms(frozenset(tenants))))
    change = ProcessorChange.objects.create(
        version=version, replaces=before, kinds=kinds, planned_on=planned_on, announced_at=now
    )
    facts = {"name": version.name, "kinds": kinds, "planned_on": planned_on.isoformat()}
    log_action("processor.announced", by=by, on=change, at=now, facts=facts)
    sync_change(change, now=now)
    change.refresh_from_db()
    return change


def _standing_version(replaces: ProcessorVersion | None) -> ProcessorVersion | None:
    if replaces is None:
        return None
    held: ProcessorVersion = ProcessorVersion.objects.select_for_update().get(pk=replaces.pk)
    rows = ProcessorChange.objects.filter(replaces__processor=held.processor)
    if held.ends_on is not None or rows.filter(started_at=None, withdrawn_at=None).exists():
        raise UnderWay(held.pk)
    return held


def _is_same(before: ProcessorVersion, values: dict[str, Any], tenants: Collection[UUID]) -> bool:
    named = set(before.limited_to.values_list("tenant_id", flat=True))
    return named == set(tenants) and all(getattr(before, name) == value for name, value in values.items())


@transaction.atomic
def sync_change(announced: ProcessorChange, *, now: datetime) -> Start | None:
    """Return from when a pending change may start, after having brought it to what stands now.

    Whoever is in scope and was not told is told, it starts when it may; None once it started or was
    withdrawn. An objection of a tenant that left is settled.
    """
    change = ProcessorChange.objects.select_for_update().get(pk=announced.pk)
    _settle_ended(change, now)
    start = None
    if change.is_pending:
        rows = standings(change, now)
        for row in rows:
            if row.notice is None:
                tell_tenant(change, row.tenant, now=now, times=row.returned)
        start = start_for(change, rows, now)
        if start.may_start:
            _start(change, by=None, now=now)
    if change.is_pending or change.objections.filter(settled_at=None).exists():
        _follow(change, now)
    return start


def _settle_ended(change: ProcessorChange, now: datetime) -> None:
    opened = change.objections.filter(settled_at=None)
    left = Tenant.objects.filter(pk__in=opened.values("tenant_id")).exclude(state__in=LIVE)
    for objection in opened.filter(tenant_id__in=left.values("pk")):
        objection.mark_settled(settlement=ChangeObjection.Settlement.ENDED, at=now)


def _follow(change: ProcessorChange, now: datetime) -> None:
    """Look at it again tomorrow morning."""
    tomorrow = house_day(now) + timedelta(days=1)
    run_at = datetime.combine(tomorrow, LOOKS_AT, tzinfo=HOUSE)
    open_obligation(
        CLAUSE,
        kind=FOLLOW,
        subject=change.pk,
        occurrence=tomorrow.isoformat(),
        run_at=run_at,
        due_at=run_at + WITHIN,
        now=now,
    )


def tell_tenant(change: ProcessorChange, tenant: Tenant, *, now: datetime, times: int = 0) -> ChangeNotice:
    """Return the notice of a change to a tenant, its mail in the outbox; anew where one came back."""
    key = f"processor-change-{change.pk}-{tenant.pk}" + (f"-{times}" if times else "")
    notice = ChangeNotice.objects.create(change=change, tenant_id=tenant.pk, message_key=key, created_at=now)
    ids = {"change": change.pk, "notice": notice.pk}
    enqueue_message("dpa/processor_change", ids=ids, now=now, key=key, tenant_id=tenant.pk)
    open_obligation(
        CLAUSE,
        kind=NOTICE,
        subject=notice.pk,
        run_at=now,
        due_at=now + WITHIN,
        now=now,
        tenant_id=tenant.pk,
    )
    wake_worker()
    return notice


@transaction.atomic
@keeps("LG-D8", "LG-D9")
def start_change(*, change: ProcessorChange, by: Actor, now: datetime) -> ProcessorChange:
    """Return the change, started. As the operator. Raises NotPending, TooEarly."""
    held = _pending(change)
    start = start_for(held, standings(held, now), now)
    if not start.may_start:
        raise TooEarly(start)
    _start(held, by=by, now=now)
    return held


def _start(change: ProcessorChange, *, by: Actor | None, now: datetime) -> None:
    today = house_day(now)
    change.started_at = now
    change.save(update_fields=["started_at"])
    change.version.mark_started(on=today)
    if change.replaces is not None:
        change.replaces.mark_ended(on=today)
    log_action("processor.started", by=by, on=change, at=now, facts={"name": change.version.name})


@transaction.atomic
def withdraw_change(*, change: ProcessorChange, by: Actor, now: datetime) -> ProcessorChange:
    """Return the change that will not come, its readers told. As the operator. Raises NotPending."""
    held = _pending(change)
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    log_action("processor.withdrawn", by=by, on=held, at=now, facts={"name": held.version.name})
    for notice in held.notices.filter(returned_at=None):
        key = f"processor-withdrawn-{notice.pk}"
        ids = {"change": held.pk}
        enqueue_message("dpa/processor_withdrawn", ids=ids, now=now, key=key, tenant_id=notice.tenant_id)
    wake_worker()
    return held


def _pending(change: ProcessorChange) -> ProcessorChange:
    held: ProcessorChange = ProcessorChange.objects.select_for_update().get(pk=change.pk)
    if not held.is_pending:
        raise NotPending(held.pk)
    return held


@transaction.atomic
def end_processor(*, version: ProcessorVersion, by: Actor, now: datetime) -> ProcessorVersion:
    """Return the sub-processor, used no more from today on: nobody has to be asked. Raises UnderWay."""
    held = _standing_version(version)
    if held is None:  # never: it was given
        return version
    held.mark_ended(on=house_day(now))
    log_action("processor.ended", by=by, on=held, at=now, facts={"name": held.name})
    return held
