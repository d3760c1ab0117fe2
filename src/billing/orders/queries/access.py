"""What an order opened: tenants of its own, and circles in one that is shared."""

from billing.catalogue.queries.catalogue import lives_with_others
from billing.orders.models import Order, OrderLine
from tenants.models import Contract, Tenant


def tenants_of(order: Order) -> list[Tenant]:
    """Return the tenants an order's lines opened or went on with, in the order of its lines."""
    ids = [line.contract_id for line in order.lines.all() if line.contract_id and line.licences_after is None]
    contracts = Contract.objects.select_related("tenant").in_bulk(ids)
    found = [contracts[pk].tenant for pk in ids if pk in contracts]
    return list({tenant.pk: tenant for tenant in found if tenant is not None}.values())


def is_shared(line: OrderLine) -> bool:
    """Return whether what a line sells lives in a tenant that many customers share."""
    return line.product is not None and lives_with_others(line.product, on=line.order.confirmed_on)
