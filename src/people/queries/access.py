"""Who holds which right today, and whether the place is well guarded."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Count, Q

from isolation.context import NoTenantContext, current_context
from people.models import Acceptance, AccessReview, Invitation, Membership, Person, Role
from people.policy import grants
from people.policy.passwords import MIN_LENGTH
from people.policy.permissions import KEYS_OF
from people.policy.protection import Protection
from people.policy.roles import everything
from people.registry import circle_of
from tenants.models import SubTenant, Tenant


def area_here() -> str:
    """Return "tenant" or "operator": whose rights and roles apply where we are. Raises NoTenantContext."""
    place = current_context()
    if place is None or place.kind not in KEYS_OF:
        raise NoTenantContext("rights and roles belong to a tenant or to the operator")
    return place.kind


def day_here(now: datetime) -> date:
    """Return the day it is where we are: in the tenant's time zone, or in the operator's."""
    place = current_context()
    if place is not None and place.tenant_id is not None:
        return Tenant.objects.only("timezone").get(pk=place.tenant_id).today(now)
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def permissions_of(person_id: UUID, *, today: date) -> dict[str, str]:
    """Return each right a person holds today with its widest reach, in one statement."""
    rows = Membership.objects.in_force(today).filter(person_id=person_id, person__is_active=True)
    return grants.effective_permissions([row.as_policy() for row in rows.select_related("role")], today=today)


def founded(invitations: Iterable[Invitation], *, today: date) -> set[UUID]:
    """Return those invitations whose author could still give what they give; the system always can."""
    rows = list(invitations)
    authors = {row.invited_by_id for row in rows if row.invited_by_id}
    holds = {author: permissions_of(author, today=today) for author in authors}
    return {
        row.pk
        for row in rows
        if row.invited_by_id is None
        or not grants.missing_permissions(holds=holds[row.invited_by_id], wants=row.role.wants)
    }


def circle_state(person_id: UUID) -> str | None:
    """Return the state of the circle a person is of in the shared tenant we are in, None for who is of
    none.
    """
    sub_tenant_id = circle_of(person_id)
    rows = SubTenant.objects.filter(pk=sub_tenant_id) if sub_tenant_id else SubTenant.objects.none()
    return rows.values_list("state", flat=True).first()


def rights_promised(person_id: UUID, *, today: date) -> set[str]:
    """Return each right an account gives today or will give, whether or not its owner can sign in at the
    moment.
    """
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), person_id=person_id)
    return {
        permission
        for permissions in rows.values_list("role__permissions", flat=True)
        for permission in permissions
    }


def address_is_proved(person: Person) -> bool:
    """Return whether a person's address answered a link sent to it.

    One that staff typed is only said to be theirs.
    """
    addresses = EmailAddress.objects.filter(user=person, email__iexact=person.email or "", verified=True)
    return bool(addresses.exists())


def lasting_administrators(today: date) -> set[UUID]:
    """Return the active people who hold the keys of the place without an end."""
    rows = Membership.objects.with_key(KEYS_OF[area_here()], today)
    return set(rows.values_list("person_id", flat=True))


def lasting_grantors(today: date) -> set[UUID]:
    """Return the active people who can give every right a place starts with, without an end."""
    rows = Membership.objects.filter(ends_on=None, person__is_active=True, role__scope=Role.Scope.ALL)
    held: dict[UUID, list[grants.Membership]] = {}
    for person_id, permissions, scope, starts_on in rows.values_list(
        "person_id", "role__permissions", "role__scope", "starts_on"
    ):
        held.setdefault(person_id, []).append(grants.Membership(frozenset(permissions), scope, starts_on))
    wanted = everything(area_here())
    return {
        person_id for person_id, each in held.items() if grants.can_grant(each, wanted=wanted, today=today)
    }


def accepted_versions(person_id: UUID) -> frozenset[UUID]:
    """Return the versions of the terms a person has accepted."""
    rows = Acceptance.objects.filter(person_id=person_id)
    return frozenset(rows.values_list("terms_version", flat=True))


def role_counts(today: date) -> list[Role]:
    """Return all roles, each with `holders`, the number of people who hold it today."""
    held = Q(memberships__starts_on__lte=today, memberships__person__is_active=True)
    held &= Q(memberships__ends_on=None) | Q(memberships__ends_on__gt=today)
    return list(
        Role.objects.annotate(holders=Count("memberships__person", filter=held, distinct=True)).order_by(
            "created_at", "pk"
        )
    )


def protection_here(tenant: Tenant, *, now: datetime) -> Protection:
    """Return how the accounts of the tenant we are in are guarded today."""
    today = tenant.today(now)
    started = tenant.opened_at or tenant.created_at
    review = AccessReview.objects.first()
    return Protection(
        password_min_length=MIN_LENGTH,
        lock_after_minutes=tenant.lock_after_minutes,
        administrators=len(lasting_administrators(today)),
        started_on=tenant.today(started),
        reviewed_on=tenant.today(review.reviewed_at) if review else None,
    )
