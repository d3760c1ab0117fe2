"""Take the things out of a sale whose price finance credited before they left."""

from collections.abc import Mapping
from datetime import datetime

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.fulfilment.actions.cancel_delivery import cancel_delivery
from billing.fulfilment.queries.deliveries import things_here
from billing.invoicing.models import Invoice
from billing.orders.actions.decrement_stock import put_on_shelf, ships
from billing.orders.models import Order
from contracts.policy.clauses import keeps

WHY = "credited"  # a code: told in words where it is shown


@keeps("LG-S5.2d")
def keep_credited_here(*, invoice: Invoice, pieces: Mapping[int, int], by: Actor, now: datetime) -> int:
    """Return how many things went back on the shelf.

    By line position as many as were credited, of those that are here; a parcel with nothing left in it is
    cancelled.
    """
    here = things_here(invoice)
    wanted = {at: min(count, here.get(at, 0)) for at, count in pieces.items()}
    if not any(wanted.values()):
        return 0
    order = Order.objects.select_for_update(of=("self",)).get(invoices=invoice)
    rows = order.lines.select_for_update(of=("self",)).filter(position__in=wanted)
    for line in rows.select_related("product").prefetch_related("withdrawn"):
        count = wanted[line.position]
        put_on_shelf(line=line, count=count, note=WHY, by=by, now=now)
        line.mark_credited_unsent(count)
        facts = {"number": order.number, "quantity": count, "name": line.description}
        log_action("order.things_credited", by=by, on=order, at=now, facts=facts)
    if not ships(order):
        cancel_delivery(order=order, because={"credited": invoice.number}, now=now)
    return sum(wanted.values())
