"""What people puts on home pages and trails."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q

from people.models import Invitation, Person
from people.policy.protection import protection_gaps
from people.policy.second_factor import needed_from
from people.queries.access import protection_here
from people.requests import TenantRequest


def access_panel(request: TenantRequest) -> dict[str, Any] | None:
    """Return what an administrator has to do about accounts, or None when that is nothing."""
    now = request.now
    tenant = request.tenant
    person = request.person
    counts = Invitation.objects.unanswered().aggregate(
        waiting=Count("pk", filter=Q(expires_at__gt=now)), expired=Count("pk", filter=Q(expires_at__lte=now))
    )
    gaps = protection_gaps(protection_here(tenant, now=now), today=request.today)
    has_second_factor = Authenticator.objects.filter(user_id=person.pk, type="totp").exists()
    panel = {**counts, "review_due": "review" in gaps, "offer_second_factor": not has_second_factor}
    found = panel if any(panel.values()) else None
    return found and found | {"needed_from": needed_from(person.first_seen_at)}


def names_by_id(ids: list[UUID]) -> dict[UUID, str]:
    """Return the names of the people known where we are."""
    return {person.pk: person.name for person in Person.objects.filter(pk__in=ids)}
