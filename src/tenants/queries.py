"""What pages and other rooms ask about tenants."""

from datetime import date
from uuid import UUID

from django.conf import settings

from contracts.models import TermsVersion
from contracts.policy.terms import binds_from
from contracts.registry import profile
from tenants.models import Contract, Domain, SeatCount, Tenant


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


def tenant_of_host(host: str) -> UUID | None:
    """Return the uuid of the tenant a host name leads to, or None. As the operator."""
    return Domain.objects.filter(domain=host).values_list("tenant_id", flat=True).first()


def licences(tenant: Tenant, on: object) -> int:
    """Return how many licences the running contracts of a tenant give on a day."""
    return sum(Contract.objects.filter(tenant_id=tenant.pk).running(on).values_list("licences", flat=True))  # type: ignore[arg-type]


def seats_used(tenant: Tenant) -> int | None:
    """Return the last count of active profiles, or None when none was made."""
    return SeatCount.objects.filter(tenant_id=tenant.pk).values_list("active", flat=True).first()


def concerned_by(profile_key: str, *, on: date) -> list[Contract]:
    """Return the running contracts of an offer with their customers, whose terms these are."""
    rows = Contract.objects.running(on).filter(profile_key=profile_key).select_related("customer", "tenant")
    return list(rows.order_by("customer__name", "starts_on", "id"))


def binding_day(contract: Contract, terms: TermsVersion) -> date | None:
    """Return the renewal from which a version binds a running contract, None when a later one than the next does."""
    notice = profile(terms.profile, on=terms.published_on).terms.notice_days
    return binds_from(
        noticed_on=terms.published_on, in_force_on=terms.in_force_on, renews_on=contract.ends_on, notice_days=notice
    )
