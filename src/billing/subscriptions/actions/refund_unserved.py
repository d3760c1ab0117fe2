"""Credit what an event kept from being served, line by line and day by day, and give back what was paid of
it.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from audit.policy.actor import Actor
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited, net_of_discounts
from billing.invoicing.queries.credits import left_of, lines_left
from billing.orders.models import OrderLine
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.actions.force_majeure import unserved_days
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.termination import refund_pro_rata
from contracts.policy.clauses import keeps

REASON = "force_majeure"

_WHY = gettext_lazy("Days not served because of a force majeure event.")


@transaction.atomic
@keeps("LG-S20.3m")
def refund_unserved(*, subscription: Subscription, by: Actor, now: datetime, today: date) -> list[Invoice]:
    """Return the credit notes of a subscription that was terminated for an event.

    Its unserved days, with their VAT.

    Licences added during the term count from the day they were added. Never more than is left of a line, nor
    is more given back than was paid: what is unpaid is owed no longer.
    """
    unserved = unserved_days(subscription)
    notes: list[Invoice] = []
    for invoice in _invoices(subscription):
        amounts = _amounts(invoice, subscription, unserved)
        with suppress(NothingCredited):
            notes += credit_order(corrects=invoice, amounts=amounts, reason=_WHY, by=by, now=now, today=today)
    for note in notes:
        refund_credit_note(note=note, reason=REASON, by=by, now=now, today=today)
    return notes


def _invoices(subscription: Subscription) -> list[Invoice]:
    """Return the invoices that pay for the last term: its own, and those of what was added to it."""
    lines = OrderLine.objects.filter(contract_id=subscription.contract_id)
    added = lines.filter(licences_after__isnull=False, order__confirmed_on__gte=subscription.term.starts_on)
    orders = [subscription.term.order_id, *added.values_list("order_id", flat=True)]
    rows = Invoice.objects.filter(order__in=orders, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    return list(rows.select_related("order").order_by("created_at"))


def _amounts(
    invoice: Invoice, subscription: Subscription, unserved: Iterable[tuple[date, date]]
) -> dict[int, int]:
    term = subscription.term
    periods = list(unserved)
    assert invoice.order is not None
    mine = OrderLine.objects.filter(order=invoice.order, contract_id=subscription.contract_id)
    added = dict(mine.values_list("position", "licences_after"))
    found = {}
    for line, left in left_of(invoice):
        if line.position not in added:
            continue
        starts_on = term.starts_on if added[line.position] is None else invoice.order.confirmed_on
        cents = refund_pro_rata(line.net_cents, starts_on=starts_on, ends_on=term.ends_on, unserved=periods)
        found[line.position] = max(0, min(cents, left))
    return net_of_discounts(found, lines_left(invoice))
