"""Start a place with its shipped roles."""

from datetime import datetime, timedelta

from people.actions.review_access import schedule_review
from people.models import Role
from people.policy.roles import shipped
from people.queries import area_here
from tenants.models import Tenant

_STEP = timedelta(microseconds=1)


def seed_roles(*, now: datetime, with_circles: bool = False) -> None:
    """Give the place we are in the shipped roles, in one statement.

    Those already there are left as they were edited.
    """
    roles = [
        Role(
            shipped=role.key,
            permissions=sorted(role.permissions),
            scope=role.scope,
            created_at=now + number * _STEP,
        )
        for number, role in enumerate(shipped(area_here(), with_circles=with_circles))
    ]
    Role.objects.bulk_create(roles, ignore_conflicts=True)


def seed_tenant(tenant: Tenant, now: datetime) -> None:
    """Give a new tenant its roles, and owe it a first review of access."""
    seed_roles(now=now, with_circles=tenant.is_shared)
    schedule_review(tenant, now=now)
