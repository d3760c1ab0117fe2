"""What pages and other rooms ask about tenants."""

from uuid import UUID

from django.conf import settings

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
