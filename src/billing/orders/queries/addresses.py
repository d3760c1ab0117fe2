"""Addresses of schools: which is free for a name."""

from django.conf import settings
from django.utils.text import slugify

from billing.orders.models import Order, OrderSite
from tenants.models import Tenant

MAX_LENGTH = 40


def addresses_for(name: str) -> list[str]:
    """Return the addresses a school of this name may have, the best first."""
    slug = slugify(name)[:MAX_LENGTH].strip("-")
    slug = slug if slug[:1].isalpha() and len(slug) > 1 else f"site-{slug}"[:MAX_LENGTH].strip("-")
    return [slug, *(f"{slug[: MAX_LENGTH - 4]}-{rank}" for rank in range(2, 1000))]


def free_address(name: str) -> str:
    """Return an address that leads nowhere yet and is promised to nobody."""
    wanted = addresses_for(name)
    taken = set(Tenant.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    promised = OrderSite.objects.filter(slug__in=wanted).exclude(order__state=Order.State.CANCELLED)
    taken |= {settings.SHARED_TENANT, *promised.values_list("slug", flat=True)}
    return next(slug for slug in wanted if slug not in taken)
