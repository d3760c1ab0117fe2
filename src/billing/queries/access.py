"""What an order opened: tenants of its own, and circles in one that is shared."""

from datetime import date

from billing.models import Order, OrderLine, Product
from contracts.registry import profile
from tenants.models import Contract, Tenant

SHARED = "shared"


def tenants_of(order: Order) -> list[Tenant]:
    """Return the tenants an order's lines opened or went on with, in the order of its lines."""
    ids = [line.contract_id for line in order.lines.all() if line.contract_id and line.licences_after is None]
    contracts = Contract.objects.select_related("tenant").in_bulk(ids)
    found = [contracts[pk].tenant for pk in ids if pk in contracts]
    return list({tenant.pk: tenant for tenant in found if tenant is not None}.values())


def is_shared(line: OrderLine) -> bool:
    """Return whether what a line sells lives in a tenant that many customers share."""
    return line.product is not None and lives_with_others(line.product, on=line.order.confirmed_on)


def lives_with_others(product: Product, *, on: date) -> bool:
    """Return whether a product opens no address of its own: its customers share a tenant."""
    return bool(product.profile) and profile(product.profile, on=on).domain == SHARED
