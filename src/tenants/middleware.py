"""Enter the tenant a host name leads to, for the length of the request."""

import time
from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import ProgrammingError
from django.db.utils import DataError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import set_urlconf
from django.utils import timezone

from audit.actions import log_action
from isolation.context import inside, inside_operator
from tenants.models import Tenant
from tenants.queries import served_tenant, tenant_of_host
from tenants.requests import HostRequest

SECONDS_KNOWN = 60
_known: dict[str, tuple[float, UUID]] = {}


class EnterTenant:
    """Open the transaction that carries role and path; a host that leads nowhere gets one same answer."""

    def __init__(self, get_response: Callable[[HostRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        """Return the answer of the public site, of the tenant, or of nobody."""
        try:
            host = request.get_host().rsplit(":", 1)[0].lower()
        except DisallowedHost:  # no host name at all: nothing stands there either
            return unknown_host()
        if host == settings.PUBLIC_HOST:
            with inside_operator():
                return self._answer(request, None, settings.PUBLIC_SCHEMA_URLCONF)
        tenant_id = tenant_id_of(host)
        if tenant_id is None:
            return unknown_host()
        try:
            with inside(tenant_id):
                tenant = served_tenant()
                if tenant is None:
                    return unknown_host()
                return self._answer(request, tenant, settings.ROOT_URLCONF)
        except (ProgrammingError, DataError):
            forget_hosts()  # its role may be gone: erased since this process last looked
            if tenant_id_of(host) is not None:
                raise
            return unknown_host()

    def _answer(self, request: HostRequest, tenant: Tenant | None, urlconf: str) -> HttpResponse:
        request.tenant = tenant
        request.denied = None
        request.urlconf = urlconf
        set_urlconf(urlconf)
        timezone.activate(ZoneInfo(tenant.timezone if tenant else settings.TIME_ZONE))
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if request.denied:
            _record_denial(request, request.denied)
        return response


def _record_denial(request: HostRequest, denied: dict[str, str]) -> None:
    person = getattr(request, "person", None)
    on = getattr(person, "id", None) or (request.tenant.pk if request.tenant else UUID(int=0))
    facts = {"method": request.method, **denied}
    log_action("access.denied", by=person, on=on, at=timezone.now(), facts=facts)


def tenant_id_of(host: str) -> UUID | None:
    """Return the tenant of a host, remembered in this process for a minute.

    Unknown hosts are never remembered.
    """
    known = _known.get(host)
    if known and known[0] > time.monotonic():
        return known[1]
    with inside_operator():
        tenant_id = tenant_of_host(host)
    if tenant_id is not None:
        _known[host] = (time.monotonic() + SECONDS_KNOWN, tenant_id)
    return tenant_id


def forget_hosts() -> None:
    """Forget which host leads where."""
    _known.clear()


def unknown_host() -> HttpResponse:
    """Return the one answer of a host that leads nowhere: never opened, not open yet, or erased."""
    return HttpResponse(render_to_string("unknown_host.html"), status=404)
