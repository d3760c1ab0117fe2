"""Look through who holds what, and say that it is right."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message, open_obligation
from audit.actions import log_action
from people.actions.give_role import end_role
from people.models import AccessReview, Membership, Person
from people.policy.protection import review_due_on
from people.queries import day_here, lasting_administrators
from tenants.models import Tenant

CLAUSE = "LG-DCa"
KIND = "review"
NOTICE = timedelta(days=14)


@transaction.atomic
def review_access(*, tenant: Tenant, end: Collection[UUID], by: Person, now: datetime) -> AccessReview:
    """Return the review: the memberships in `end` stop today, all others are confirmed; the next is owed.

    Raises LastAdministrator, CannotGive.
    """
    today = day_here(now)
    held = {row.pk: row for row in Membership.objects.in_force(today).select_related("role", "person")}
    ending = [held[pk] for pk in end if pk in held]
    for membership in ending:
        end_role(membership=membership, by=by, now=now)
    review = AccessReview.objects.create(
        reviewed_by=by, reviewed_at=now, confirmed=len(held) - len(ending), ended=len(ending)
    )
    facts = {"confirmed": review.confirmed, "ended": review.ended}
    log_action("access.reviewed", by=by, on=review, at=now, facts=facts)
    close_obligation(CLAUSE, kind=KIND, subject=tenant.pk, now=now, state="kept", evidence=facts)
    schedule_review(tenant, now=now)
    return review


def schedule_review(tenant: Tenant, *, now: datetime) -> None:
    """Promise the next review of access, due in six months at the start of the tenant's day, asked two weeks
    ahead.
    """
    due_at = review_due_at(tenant, now=now)
    open_obligation(
        CLAUSE,
        kind=KIND,
        subject=tenant.pk,
        occurrence=due_at.astimezone(ZoneInfo(tenant.timezone)).date().isoformat(),
        due_at=due_at,
        run_at=due_at - NOTICE,
        now=now,
    )


def review_due_at(tenant: Tenant, *, now: datetime) -> datetime:
    """Return when the review that follows one of this moment is due: the start of the tenant's day."""
    due_on = review_due_on(reviewed_on=None, started_on=tenant.today(now))
    return datetime.combine(due_on, time(), ZoneInfo(tenant.timezone)).astimezone(UTC)


@transaction.atomic
def ask_for_review(*, tenant_id: UUID, occurrence: str, now: datetime) -> int:
    """Return how many administrators were asked to look through who holds what; the next review is owed."""
    asked = sorted(lasting_administrators(day_here(now)))
    for person_id in asked:
        key = f"people/review:{tenant_id}:{occurrence}:{person_id}"
        enqueue_message("people/review", ids={"person": str(person_id)}, now=now, key=key)
    schedule_review(Tenant.objects.get(pk=tenant_id), now=now + NOTICE)
    return len(asked)
