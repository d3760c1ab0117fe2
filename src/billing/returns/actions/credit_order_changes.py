"""Credit what goes back of an order, line by line.

Its price, and the delivery once nothing that ships is kept.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.invoicing.queries.credits import owed_by
from billing.orders.actions.issue_invoice import final_invoice
from billing.orders.models import Order
from billing.payments.models import Refund
from billing.returns.policy.withdrawal import still_to_give_back
from billing.returns.queries.pieces import credited_so_far
from billing.returns.queries.withdrawals import bought
from contracts.policy.clauses import keeps


@keeps("LG-S22", "LG-S10.1")
def credit_order_changes(
    *, order: Order, reason: object, by: Actor | None, now: datetime, today: date
) -> list[Invoice]:
    """Return the credit notes issued now for what is kept no more of an order, or costs less than it did.

    As often as wanted: nothing is credited twice.
    """
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    told = details | {"reason": reason}
    lines = bought(order, on=today)
    asked = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("created_at")
    if not asked or not any(line.withdrawn or line.lowered_cents for line in lines):
        return []
    if not any(line.kept for line in lines if line.kind == "product"):
        found = [_taken_back(each, told) for each in asked]
        return [note for note in found if note is not None]
    final = final_invoice(order=order, **details)
    wanted = still_to_give_back(lines, credited_so_far(final))
    with suppress(NothingCredited):  # taken back before
        return credit_order(corrects=final, amounts=wanted, **told)
    return []


def _taken_back(invoice: Invoice, told: dict[str, Any]) -> Invoice | None:
    with suppress(NothingCredited):
        return credit_invoice(corrects=invoice, **told)
    return None


def is_fully_refunded(order: Order, notes: Iterable[Invoice], *, reason: str) -> bool:
    """Return whether all that these notes owe was given back.

    Nothing asked of a payment is still to be made.
    """
    if any(owed_by(note) for note in notes):
        return False
    asked = Refund.objects.active().filter(made_on=None, reason=reason)
    return not asked.filter(payment__allocations__invoice__order=order).exists()
