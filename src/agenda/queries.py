"""What the pages of the agenda show."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet

from agenda.models import Obligation
from contracts.registry import Evidence

VIEWS = ("all", "late", "due", "failed", "later", "kept")


def obligations(
    *, view: str, now: datetime, search: str = "", tenant_id: UUID | None = None
) -> QuerySet[Obligation]:
    """Return the obligations of one view: late, due within a day, failed, later, kept, or all that wait."""
    rows = Obligation.objects.filter(_narrow(view, now)).order_by("due_at", "id")
    if view == "kept":
        rows = rows.order_by("-settled_at", "id")
    if search:
        rows = rows.filter(Q(clause__icontains=search) | Q(kind__icontains=search))
    return rows.filter(tenant_id=tenant_id) if tenant_id else rows


def counts(*, now: datetime) -> dict[str, int]:
    """Return how many obligations each view holds."""
    return {view: Obligation.objects.filter(_narrow(view, now)).count() for view in VIEWS if view != "kept"}


def kept(clause_ids: Collection[str]) -> dict[str, Evidence]:
    """Return for each clause when it was last kept, its smallest margin, how often, how often late, and what
    is next.

    Inside a tenant, of that tenant; as the operator, of all.
    """
    done = Q(state=Obligation.State.KEPT)
    margin = ExpressionWrapper(F("due_at") - F("settled_at"), output_field=DurationField())
    rows: Any = (
        Obligation.objects.filter(clause__in=list(clause_ids))
        .values("clause")
        .annotate(
            last=Max("settled_at", filter=done),
            least=Min(margin, filter=done),
            count=Count("id", filter=done),
            late=Count("id", filter=done & Q(settled_at__gt=F("due_at"))),
            next=Min("due_at", filter=Q(state=Obligation.State.OWED)),
        )
    )
    return {r["clause"]: Evidence(r["last"], r["least"], r["count"], r["late"], r["next"]) for r in rows}


def _narrow(view: str, now: datetime) -> Q:
    soon = now + timedelta(days=1)
    waiting = Q(state=Obligation.State.OWED)
    return {
        "late": waiting & Q(due_at__lt=now),
        "due": waiting & Q(due_at__gte=now, due_at__lt=soon),
        "failed": waiting & ~Q(failure=""),
        "later": waiting & Q(due_at__gte=soon),
        "kept": Q(state=Obligation.State.KEPT),
    }.get(view, waiting)
