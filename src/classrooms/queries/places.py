"""Where we are."""

from isolation.context import current_tenant_id
from tenants.models import Tenant


def tenant_now() -> Tenant:
    """Return the row of the tenant we are inside."""
    return Tenant.objects.get(pk=current_tenant_id())
