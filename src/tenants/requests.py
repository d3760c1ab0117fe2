"""What a request carries once its host name has led somewhere."""

from datetime import date

from django.http import HttpRequest

from audit.policy.actor import Actor
from tenants.models import Tenant


class HostRequest(HttpRequest):
    """A request on a host we know: a tenant's, or the public one where `tenant` is None."""

    tenant: Tenant | None
    denied: dict[str, str] | None  # what was refused, for the audit trail once the request is over


class ActorRequest(HostRequest):
    """A request of somebody signed in, of whom nothing more is known below people."""

    person: Actor
    today: date
