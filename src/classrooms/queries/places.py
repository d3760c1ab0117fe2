"""Where we are."""

from isolation.context import tenant_here
from tenants.models import Tenant


def tenant_now() -> Tenant:
    """Return the row of the tenant we are inside."""
    return Tenant.objects.get(pk=tenant_here())
