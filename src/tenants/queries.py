"""What pages and other apps ask about tenants."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from agenda.models import Obligation
from contracts.models import TermsVersion
from contracts.policy.terms import binds_from
from contracts.policy.words import SCHOOL
from contracts.registry import profile
from isolation.context import current_tenant_id, once_here
from tenants.models import Contract, ContractQuerySet, Domain, SeatCount, SubTenant, Tenant, Workspace

WORDS_KNOWN_SECONDS = 60
ASKED = "asked"  # how the occurrence of a destruction begins that the controller asked for


def tenant_url(tenant: Tenant, path: str = "/") -> str:
    """Return the absolute address of a path in a tenant."""
    return _absolute(f"{tenant.slug}.{settings.PUBLIC_HOST}", path)


def public_url(path: str = "/") -> str:
    """Return the absolute address of a path on the public host."""
    return _absolute(settings.PUBLIC_HOST, path)


def _absolute(host: str, path: str) -> str:
    scheme = "http" if settings.INSECURE_HTTP else "https"
    port = f":{settings.PORT}" if settings.PORT else ""
    return f"{scheme}://{host}{port}{path}"


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of these tenants. As the operator."""
    return dict(Tenant.objects.filter(pk__in=ids).values_list("pk", "name"))


def named_like(words: str) -> list[UUID]:
    """Return the tenants whose name or address holds these words. As the operator; inside one only itself."""
    rows = Tenant.objects.filter(Q(name__unaccent__icontains=words) | Q(slug__icontains=words))
    return list(rows.values_list("pk", flat=True))


def tenant_of_host(host: str) -> UUID | None:
    """Return the uuid of the tenant a host name leads to, or None. As the operator."""
    return Domain.objects.filter(domain=host).values_list("tenant_id", flat=True).first()


def tenant_row() -> Tenant:
    """Return the row of the tenant we are inside, read once a stay. Raises Tenant.DoesNotExist."""
    return once_here("tenants.Tenant", lambda: Tenant.objects.get(pk=current_tenant_id()))


def words_here(now: datetime) -> str:
    """Return whose words are spoken in the tenant we are inside, remembered for a minute; else a school's."""
    try:
        today = tenant_row().today(now)
    except Tenant.DoesNotExist:
        return SCHOOL
    key = f"words-{today}"
    words: str | None = cache.get(key)
    if words is None:
        words = tenant_row().words(today)
        cache.set(key, words, WORDS_KNOWN_SECONDS)
    return words


def served_tenant() -> Tenant | None:
    """Return the tenant we are inside, or None while it isn't open yet and once it is erased."""
    try:
        tenant = tenant_row()
    except Tenant.DoesNotExist:
        return None
    return None if tenant.state in {Tenant.State.ERASED, Tenant.State.OPENING} else tenant


def licences(tenant: Tenant, on: date, *, sub_tenant_id: UUID | None = None) -> int:
    """Return how many licences the running contracts of a tenant, or of one circle in it, give on a day."""
    rows = Contract.objects.filter(tenant_id=tenant.pk, sub_tenant_id=sub_tenant_id).running(on)
    return sum(rows.values_list("licences", flat=True))


def seats_used(tenant: Tenant, *, sub_tenant_id: UUID | None = None) -> int | None:
    """Return the last count of active profiles of a tenant, or of one circle in it.

    None when none was made.
    """
    rows = SeatCount.objects.filter(tenant_id=tenant.pk, sub_tenant_id=sub_tenant_id)
    return rows.values_list("active", flat=True).first()


def workspaces_of(tenant: Tenant, customer_id: UUID) -> list[Workspace]:
    """Return what a customer's contracts open in a tenant.

    All of it or, where many share it, the customer's circles.
    """
    if not tenant.is_shared:
        return [tenant]
    ids = tenant.contracts.filter(customer_id=customer_id).exclude(sub_tenant_id=None).values("sub_tenant_id")
    return list(SubTenant.objects.filter(pk__in=ids))


def tenant_of(place: Workspace) -> Tenant:
    """Return a tenant itself, or the one a circle is in."""
    return place.tenant if isinstance(place, SubTenant) else place


def workspace_of(contract: Contract) -> Workspace | None:
    """Return the tenant a contract opened, or its circle in a shared one; None while it opened nothing."""
    return (
        SubTenant.objects.filter(pk=contract.sub_tenant_id).first()
        if contract.sub_tenant_id
        else contract.tenant
    )


def contracts_of(place: Workspace) -> ContractQuerySet:
    """Return the contracts that open a tenant, or a circle of a shared one."""
    rows: ContractQuerySet = Contract.objects.all()
    return (
        rows.filter(sub_tenant_id=place.pk)
        if isinstance(place, SubTenant)
        else rows.filter(tenant_id=place.pk)
    )


def concerned_by(profile_key: str, *, on: date) -> list[Contract]:
    """Return the running contracts of an offer with their customers, whose terms these are."""
    rows = Contract.objects.running(on).filter(profile_key=profile_key).select_related("customer", "tenant")
    return list(rows.order_by("customer__name", "starts_on", "id"))


def binding_day(contract: Contract, terms: TermsVersion, *, told_on: date | None = None) -> date | None:
    """Return the renewal from which a version binds a running contract, None when a later one than the next
    does.

    `told_on` is the day its customer is told, the day it is published where nothing else is said.
    """
    notice = profile(terms.profile, on=terms.published_on).terms.notice_days
    return binds_from(
        noticed_on=told_on or terms.published_on,
        in_force_on=terms.in_force_on,
        renews_on=contract.ends_on,
        notice_days=notice,
    )


def asked_erasure_of(place_id: UUID) -> Obligation | None:
    """Return the early destruction the controller asked for and hasn't taken back, None without one."""
    rows = Obligation.objects.waiting().filter(subject_id=place_id, kind="data-destroyed")
    return rows.filter(occurrence__startswith=ASKED).first()
