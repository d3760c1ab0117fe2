"""What a request carries once we know who asks: annotations only, the middleware sets them."""

from collections.abc import Callable
from datetime import date, datetime

from django.urls import ResolverMatch

from people.models import AccessToken, Person
from tenants.models import Tenant
from tenants.requests import HostRequest


class VisitorRequest(HostRequest):
    """A request of anybody: `person` is None where nobody is signed in."""

    person: Person | None
    token: AccessToken | None  # only under /api/
    is_child: bool  # somebody for whom an adult answers is signed in
    permissions: frozenset[str]
    scope: Callable[[str], str | None]  # of a permission; None where it isn't held
    now: datetime
    today: date
    resolver_match: ResolverMatch  # from process_view on
    place_state: str  # of the tenant, or of the circle a person of a shared tenant is of


class PersonRequest(VisitorRequest):
    """A request of somebody signed in, in a tenant or at the operator's."""

    person: Person


class TenantRequest(PersonRequest):
    """A request of somebody signed in to a tenant."""

    tenant: Tenant


class ConsoleRequest(PersonRequest):
    """A request of somebody signed in to the operator's console."""

    tenant: None


def held(request: VisitorRequest) -> dict[str, str]:
    """Return each permission of who asks, with its scope."""
    return {key: scope for key in request.permissions if (scope := request.scope(key)) is not None}
