"""How the service is doing, in the text format of Prometheus: numbers only, no name of anybody."""

from __future__ import annotations

from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet
from kombu.exceptions import OperationalError
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from agenda.models import Obligation, OutboxMessage
from tenants.gateways.schema import wanted_version
from tenants.models import Tenant

CONNECTIONS = """
    SELECT count(*), pg_catalog.current_setting('max_connections')::int
    FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()
"""


def metrics(*, now: datetime) -> bytes:
    """Return the numbers of this moment; asked as the operator."""
    registry = CollectorRegistry()

    def say(name: str, help_text: str, value: float) -> None:
        Gauge(f"preau_{name}", help_text, registry=registry).set(value)

    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, send_at__isnull=False)
    say("mail_waiting", "Mails that have not left", waiting.count())
    say("mail_late", "Mails that should have left by now", OutboxMessage.objects.late(now).count())
    say("mail_oldest_late_seconds", "How late the oldest mail is", _age(OutboxMessage.objects.late(now), now))
    late = Obligation.objects.late(now)
    say("promises_overdue", "Promises whose time has passed", late.count())
    say("promises_oldest_overdue_seconds", "How late the oldest promise is", _age(late, now))
    say("agenda_due", "Promises that could be kept now", Obligation.objects.runnable(now).count())
    failing = Obligation.objects.waiting().exclude(failed_at=None)
    say("agenda_failing", "Promises whose keeper failed and is tried again", failing.count())
    behind = Tenant.objects.exclude(state=Tenant.State.ERASED).exclude(schema_version=wanted_version())
    say("tenants_behind", "Tenants whose tables are not at this version", behind.count())
    tenants = Gauge("preau_tenants", "Tenants by state", ["state"], registry=registry)
    for state, count in Tenant.objects.values_list("state").annotate(n=Count("id")).order_by("state"):
        tenants.labels(state=state).set(count)
    used, most = _connections()
    say("database_connections", "Connections to this database", used)
    say("database_connections_limit", "Connections the server takes", most)
    depth = _queue_depth()
    say("broker_up", "Whether the broker answers", depth is not None)
    if depth is not None:
        say("queue_messages", "Tasks that wait for a worker", depth)
    return generate_latest(registry)


def _age(rows: QuerySet[Obligation] | QuerySet[OutboxMessage], now: datetime) -> float:
    oldest = rows.aggregate(at=Min("due_at"))["at"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def _connections() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        row: tuple[int, int] = cursor.fetchone()
    return row


def _queue_depth() -> int | None:
    """Return how many tasks wait; None where no broker answers within a second."""
    if not settings.CELERY_BROKER_URL:
        return None
    away: tuple[type[Exception], ...] = (OperationalError, OSError, *broker_errors())
    try:
        with current_app.connection_for_read(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
            queue = broker.default_channel.queue_declare(current_app.conf.task_default_queue, passive=True)
            return int(queue.message_count)
    except away:
        return None


def broker_errors() -> tuple[type[Exception], ...]:
    """Return what the broker's transport raises when it is away, or when the queue isn't there yet."""
    transport = current_app.connection_for_read().transport
    return (*transport.connection_errors, *transport.channel_errors)
