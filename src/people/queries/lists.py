"""The rows of lists: people, invitations, who holds what, open sessions."""

from datetime import date, datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Case, F, Func, Prefetch, QuerySet, TextField, When

from people.models import Invitation, Membership, Person

SORTS = {
    "name": ("name_key", "first_key", "username"),
    "-name": ("-name_key", "-first_key", "-username"),
    "seen": ("last_seen_at", "name_key"),
    "-seen": ("-last_seen_at", "name_key"),
}


class NameKey(Func):
    """A name as it is sorted: lower case, without accents."""

    function = "public.name_key"
    output_field = TextField()


def people_rows(
    *, words: str = "", role: str = "", state: str = "", sort: str = "name", today: date
) -> QuerySet[Person]:
    """Return the people a list shows, each with `held`, their memberships in force.

    Three statements with the page.

    `role` is the id of a role, `state` "active" or "inactive", `sort` a key of SORTS.
    """
    rows: QuerySet[Person] = Person.objects.found_by(words) if words else Person.objects.all()
    if role:
        held = Membership.objects.in_force(today).filter(role_id=role)
        rows = rows.filter(pk__in=held.values("person_id"))
    if state:
        rows = rows.filter(is_active=state == "active")
    held_now = Membership.objects.in_force(today).select_related("role")
    rows = rows.annotate(name_key=NameKey(F("last_name")), first_key=NameKey(F("first_name")))
    rows = rows.prefetch_related(Prefetch("memberships", queryset=held_now, to_attr="held"))
    return rows.order_by(*SORTS.get(sort, SORTS["name"]), "pk")


def invitation_rows(*, words: str = "", state: str = "", now: datetime) -> QuerySet[Invitation]:
    """Return invitations, newest first, of one state ("open", "expired", "accepted", "cancelled") or all."""
    rows: QuerySet[Invitation] = Invitation.objects.select_related("role", "invited_by")
    if words:
        rows = rows.filter(email__icontains=words)
    kept = {
        "open": rows.filter(accepted_at=None, cancelled_at=None, expires_at__gt=now),
        "expired": rows.filter(accepted_at=None, cancelled_at=None, expires_at__lte=now),
        "accepted": rows.exclude(accepted_at=None),
        "cancelled": rows.filter(accepted_at=None).exclude(cancelled_at=None),
    }
    return kept.get(state, rows)


def membership_rows(*, today: date) -> QuerySet[Membership]:
    """Return who holds which role today, the staff first, by name, for a review of access."""
    rows = Membership.objects.in_force(today).filter(person__is_active=True).select_related("person", "role")
    last = Case(When(person__kind__in=[Person.Kind.GUARDIAN, Person.Kind.STUDENT], then=1), default=0)
    names = (NameKey(F("person__last_name")), NameKey(F("person__first_name")))
    return rows.order_by(last, *names, "starts_on", "pk")


def session_rows(person_id: UUID) -> list[UserSession]:
    """Return a person's open sessions, the last used first."""
    return list(UserSession.objects.filter(user_id=person_id).order_by("-last_seen_at", "pk"))
