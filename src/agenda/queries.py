"""What the pages of the agenda show."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from agenda.models import Obligation, OutboxMessage
from agenda.registry import Again, Kept, Moot, places
from contracts.policy.evidence import WINDOW, Day, Evidence

VIEWS = ("all", "late", "missed", "due", "failed", "later", "kept", "moot")
MINUTE = timedelta(minutes=1)
CLOSED = {"kept", "moot", "missed"}
IS_KEPT = Q(state=Obligation.State.KEPT)
IS_MOOT = Q(state=Obligation.State.MOOT)
IS_OWED = Q(state=Obligation.State.PENDING)
STATE_NAMES = {Obligation.State.KEPT: "kept", Obligation.State.MOOT: "moot"}
MARGIN = ExpressionWrapper(F("due_at") - F("settled_at"), output_field=DurationField())


def obligations(
    *,
    view: str,
    now: datetime,
    search: str = "",
    called: Iterable[tuple[str, str]] = (),
    tenant_id: UUID | None = None,
) -> QuerySet[Obligation]:
    """Return the obligations of one view.

    Late, missed, due within a day, failed, later, kept, moot, or all that wait. A search finds clauses,
    tenants, and the clauses and kinds `called` so on the page.
    """
    rows = Obligation.objects.filter(_narrow(view, now)).order_by("due_at", "id")
    if view in CLOSED:
        rows = rows.order_by("-settled_at", "id")
    if search:
        named = Q(tenant_id__in=places().find(search))
        for clause, kind in called:
            named |= Q(clause=clause, kind=kind)
        rows = rows.filter(Q(clause__icontains=search) | named)
    return rows.filter(tenant_id=tenant_id) if tenant_id else rows


def counts(*, now: datetime) -> dict[str, int]:
    """Return how many obligations each view holds."""
    return {
        view: Obligation.objects.filter(_narrow(view, now)).count()
        for view in VIEWS
        if view not in {"kept", "moot"}
    }


def kept(clause_ids: Collection[str], now: datetime) -> dict[str, Evidence]:
    """Return for each clause what came of its obligations: ever, in the last thirty days, and what is owed.

    Inside a tenant, of that tenant; as the operator, of all.
    """
    since = now - WINDOW
    rows: Any = (
        Obligation.objects.filter(clause__in=list(clause_ids))
        .values("clause")
        .annotate(
            last=Max("settled_at", filter=IS_KEPT),
            count=Count("id", filter=IS_KEPT),
            worst=Min(MARGIN, filter=IS_KEPT & Q(settled_at__gte=since)),
            lately=Count("id", filter=IS_KEPT & Q(settled_at__gte=since, missed_at=None)),
            moot=Count("id", filter=IS_MOOT & Q(settled_at__gte=since)),
            last_moot=Max("settled_at", filter=IS_MOOT),
            missed=Count("id", filter=Q(missed_at__gte=since)),
            last_missed=Max("missed_at", filter=Q(missed_at__gte=since)),
            overdue=Min("due_at", filter=IS_OWED & Q(due_at__lt=now)),
            next=Min("due_at", filter=IS_OWED & Q(due_at__gte=now)),
        )
    )
    reasons = _failures(now, [row["clause"] for row in rows if row["overdue"]])
    margins = _last_margins([row["clause"] for row in rows])
    return {
        row["clause"]: Evidence(
            last_kept_at=row["last"],
            margin=margins.get(row["clause"]),
            count=row["count"],
            worst_margin=row["worst"],
            kept_lately=row["lately"],
            moot_lately=row["moot"],
            missed_lately=row["missed"],
            last_moot_at=row["last_moot"],
            overdue_since=row["overdue"],
            missed_at=row["last_missed"],
            next_due_at=row["next"],
            why=reasons.get(row["clause"], ""),
        )
        for row in rows
    }


def _last_margins(clause_ids: Collection[str]) -> dict[str, timedelta]:
    """Return by how much each clause was kept the last time."""
    rows = Obligation.objects.filter(IS_KEPT, clause__in=list(clause_ids)).order_by(
        "clause", "-settled_at", "id"
    )
    newest = rows.distinct("clause").values_list("clause", "due_at", "settled_at")
    return {clause: due_at - settled_at for clause, due_at, settled_at in newest if settled_at}


def _failures(now: datetime, clause_ids: Collection[str]) -> dict[str, str]:
    """Return why the oldest of what is late of each clause failed, where it was tried and did."""
    rows = Obligation.objects.late(now).filter(clause__in=list(clause_ids)).exclude(failure="")
    return dict(rows.order_by("-due_at").values_list("clause", "failure"))


def days_of(clause_ids: Collection[str], now: datetime, zone: tzinfo) -> dict[str, dict[date, Day]]:
    """Return for each clause what came of it on the days of the last thirty on which something did."""
    since = now - WINDOW
    missed = Obligation.objects.filter(clause__in=list(clause_ids), missed_at__gte=since)
    closed = Obligation.objects.filter(clause__in=list(clause_ids), settled_at__gte=since, missed_at=None)
    found: dict[str, dict[date, Counter[str]]] = {}
    for rows, at in ((missed, "missed_at"), (closed, "settled_at")):
        days: Any = rows.annotate(day=TruncDate(at, tzinfo=zone)).values("clause", "day", "state")
        for row in days.annotate(n=Count("id")):
            name = "missed" if at == "missed_at" else STATE_NAMES[row["state"]]
            found.setdefault(row["clause"], {}).setdefault(row["day"], Counter())[name] += row["n"]
    return {clause: {day: Day(**counts) for day, counts in days.items()} for clause, days in found.items()}


def outcome_of_mail(keys: Collection[str], *, now: datetime, **facts: Any) -> Kept | Moot | Again:
    """Return what came of mails with these keys: kept once one has left and none waits, moot where none
    could.

    While one waits the answer is to look again in a minute: what is written isn't sent.
    """
    rows = OutboxMessage.objects.filter(key__in=list(keys)).values_list("id", "state", "sent_at")
    if any(state == OutboxMessage.State.WAITING for _id, state, _at in rows):
        return Again(now + MINUTE)
    sent = [(pk, at) for pk, state, at in rows if state == OutboxMessage.State.SENT]
    if not sent:
        return Moot("nobody to write to", **facts)
    last = max(at for _pk, at in sent if at)
    return Kept(at=last, sent_at=last.isoformat(), mails=len(sent), message=str(sent[0][0]), **facts)


def is_written(key: str) -> bool:
    """Return whether a mail with this key was left in the outbox, sent or not."""
    return OutboxMessage.objects.filter(key=key).exists()


def late_messages(now: datetime) -> int:
    """Return how many messages should have left by now and wait."""
    return OutboxMessage.objects.late(now).count()


def _narrow(view: str, now: datetime) -> Q:
    soon = now + timedelta(days=1)
    waiting = Q(state=Obligation.State.PENDING)
    return {
        "late": waiting & Q(due_at__lt=now),
        "due": waiting & Q(due_at__gte=now, due_at__lt=soon),
        "failed": waiting & ~Q(failure=""),
        "later": waiting & Q(due_at__gte=soon),
        "kept": IS_KEPT,
        "moot": IS_MOOT,
        "missed": Q(missed_at__gte=now - WINDOW) | waiting & Q(due_at__lt=now),
    }.get(view, waiting)


def failed_at(clause: str, kind: str, subject: UUID) -> datetime | None:
    """Return when a promise that is still owed failed last, None while it did not."""
    rows = Obligation.objects.waiting().filter(clause=clause, kind=kind, subject_id=subject)
    found: datetime | None = rows.aggregate(at=Max("failed_at"))["at"]
    return found
