"""Absolute addresses of pages of the place we are in, for messages."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from isolation.context import current_context
from tenants.models import Tenant
from tenants.queries import public_url, tenant_url


def url_here(name: str, **kwargs: Any) -> str:
    """Return the absolute address of a named page of the tenant we are in, or of the public host."""
    tenant = _tenant()
    if tenant is None:
        return public_url(reverse(name, urlconf=settings.PUBLIC_SCHEMA_URLCONF, kwargs=kwargs))
    return tenant_url(tenant, reverse(name, urlconf=settings.ROOT_URLCONF, kwargs=kwargs))


def house_name() -> str:
    """Return the name of the school we are in, or of the operator's house."""
    tenant = _tenant()
    return tenant.name if tenant else "Préau"


def zone_here() -> str:
    """Return the name of the time zone of the place we are in."""
    tenant = _tenant()
    return tenant.timezone if tenant else settings.TIME_ZONE


def _tenant() -> Tenant | None:
    place = current_context()
    tenant_id = place.tenant_id if place else None
    return Tenant.objects.get(pk=tenant_id) if tenant_id else None
