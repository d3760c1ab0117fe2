"""The one loop that keeps promises and sends messages.

Claim what is due, enter its tenant, keep it, mark it.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from agenda.gateways.mail import MAIL, as_kept, rendered
from agenda.models import Obligation, OutboxMessage
from agenda.policy.backoff import wait_before_retry
from agenda.policy.reasons import reason_of
from agenda.registry import Again, Moot, Outcome, archive, keeper_of, places, writer_of
from contracts.context import speaking
from contracts.outgoing import check_outgoing
from isolation.context import inside, inside_operator
from isolation.gateways.opening import closed_because

log = logging.getLogger(__name__)
SECONDS_PER_TICK = 50
LEASE = timedelta(minutes=30)
LOCK_WAIT_MS = 600  # PostgreSQL looks for a deadlock after a second
BUSY = timedelta(seconds=5)


def tick(now: datetime, *, seconds: float = SECONDS_PER_TICK) -> int:
    """Return how many steps were run: everything due at `now`, one transaction each, then the outbox.

    Killed anywhere, a promise is neither lost nor kept twice: its step and its mark are one commit. While a
    backup is being restored nothing is done.
    """
    if closed_because():
        return 0
    done = 0
    stop = time.monotonic() + seconds
    while time.monotonic() < stop and _one_step(now):
        done += 1
    with inside_operator():
        Obligation.objects.all().note_missed(now)
    return done + send_outbox(now, seconds=max(1.0, stop - time.monotonic()))


def wake_worker() -> None:
    """Ask the worker for a tick once this transaction is committed.

    The minute's tick does it anyway if that is lost.
    """
    transaction.on_commit(_call_worker, robust=True)


def _call_worker() -> None:
    if settings.CELERY_BROKER_URL:
        current_app.send_task("agenda.tasks.tick", retry=False, ignore_result=True)


def _one_step(now: datetime) -> bool:
    claimed: Obligation | None = None
    try:
        with inside_operator():
            _give_way()
            claimed = _claim(now)
            if claimed is None:
                return False
            outside = _start(claimed, now)
        if outside:
            _keep_outside(claimed, now)
    except Exception as error:
        if claimed is None:
            raise
        if _gave_way(error):
            _put_off(claimed, now)
        else:
            _record_failure(claimed, error, now)
    return True


def _give_way() -> None:
    """Wait for a lock less long than it takes to find a deadlock, until this transaction ends.

    A person's request locks the thing and then what is promised about it, we the promise and then the thing:
    it is we who let go and come again, and nobody is told no.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_WAIT_MS}ms"])


def _gave_way(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and isinstance(error.__cause__, LockNotAvailable)


def _put_off(row: Obligation, now: datetime) -> None:
    """Come again soon: somebody is at work on the same thing, and nothing failed."""
    with inside_operator():
        Obligation.objects.waiting().filter(pk=row.pk).update(run_at=now + BUSY)


def _start(row: Obligation, now: datetime) -> bool:
    """Keep it here and now, or take a lease on what must run outside of a transaction and return True."""
    if keeper_of(row.clause, row.kind).where != "outside":
        _keep(row, now)
        return False
    row.run_at = now + LEASE
    row.save(update_fields=["run_at"])
    return True


def _claim(now: datetime) -> Obligation | None:
    return Obligation.objects.runnable(now).select_for_update(skip_locked=True).first()


def _keep(row: Obligation, now: datetime) -> None:
    kept = keeper_of(row.clause, row.kind)
    with _place(kept.where, row.tenant_id, now):
        outcome = kept.keep(row, now=now)
    _mark(row, outcome, now)


def _keep_outside(row: Obligation, now: datetime) -> None:
    outcome = keeper_of(row.clause, row.kind).keep(row, now=now)
    with inside_operator():
        _mark(row, outcome, now)


@contextmanager
def _place(where: str, tenant_id: UUID | None, now: datetime) -> Iterator[None]:
    """Enter what a promise or a message is of; in a tenant its own words are spoken."""
    if where != "tenant":
        yield
        return
    with inside(tenant_id), speaking(places().words(now)):
        yield


MARKED = ["run_at", "state", "settled_at", "missed_at", "evidence", "failure", "failed_at", "attempts"]


def _mark(row: Obligation, outcome: Outcome, now: datetime) -> None:
    """Keep what the keeper answered; what is kept past its time was missed."""
    if isinstance(outcome, Again):
        row.run_at = outcome.run_at
    elif isinstance(outcome, Moot):
        row.close(state=Obligation.State.MOOT, at=now, evidence=outcome)
    else:
        row.close(state=Obligation.State.KEPT, at=outcome.at or now, evidence=outcome)
    row.failure = ""
    row.failed_at = None
    row.attempts = 0
    row.save(update_fields=MARKED)


def _record_failure(row: Obligation, error: Exception, now: datetime) -> None:
    log.exception("%s %s of %s failed", row.clause, row.kind, row.subject_id)
    with inside_operator():
        fresh = Obligation.objects.waiting().select_for_update().filter(pk=row.pk).first()
        if fresh is None:
            return
        fresh.attempts += 1
        fresh.failed_at = now
        fresh.failure = reason_of(type(error).__name__, str(error))
        fresh.run_at = now + wait_before_retry(attempts=fresh.attempts)
        fresh.save(update_fields=["attempts", "failed_at", "failure", "run_at"])


def send_outbox(now: datetime, *, seconds: float = SECONDS_PER_TICK) -> int:
    """Return how many messages were dealt with.

    Each is claimed, rendered inside its tenant, sent and marked.
    """
    done = 0
    stop = time.monotonic() + seconds
    while time.monotonic() < stop and _send_one(now):
        done += 1
    return done


def _send_one(now: datetime) -> bool:
    with inside_operator():
        _give_way()
        rows = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, send_at__lte=now)
        row = rows.order_by("send_at", "id").select_for_update(skip_locked=True).first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                _deliver(row, now)
        except Exception as error:
            if _gave_way(error):
                row.send_at = now + BUSY
            else:
                log.exception("message %s failed", row.key)
                row.attempts += 1
                row.failure = reason_of(type(error).__name__, str(error))
                row.send_at = now + wait_before_retry(attempts=row.attempts)
        row.save(update_fields=["state", "sent_at", "attempts", "failure", "send_at"])
    return True


def _deliver(row: OutboxMessage, now: datetime) -> None:
    with _place("tenant" if row.tenant_id else "operator", row.tenant_id, now):
        mail = writer_of(row.template)({**row.ids, "leaves_at": now.isoformat()})
        if mail is not None and not any(mail.to):
            mail = None  # nobody is left to read it
        if mail is not None:
            message = rendered(row.template, mail, key=row.key)
            archive(as_kept(row.template, mail, message, key=row.key), now)
            check_outgoing(MAIL, now)
            message.send()
    row.state = OutboxMessage.State.SENT if mail else OutboxMessage.State.MOOT
    row.sent_at = now
