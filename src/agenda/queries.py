"""What the pages of the agenda show."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from agenda.models import Obligation

VIEWS = ("all", "late", "due", "failed", "later", "kept")


def obligations(*, view: str, now: datetime, search: str = "", tenant_id: UUID | None = None) -> QuerySet[Obligation]:
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
