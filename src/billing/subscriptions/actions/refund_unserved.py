"""Credit what an event kept from being served, line by line and day by day, and give back what was paid of
it.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy, override

from audit.policy.actor import Actor
from billing.catalogue.models.lines import LineKind, net_in_sql
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.policy.credit import (
    NothingCredited,
    given_by_down_payments,
    price_kept,
    still_to_credit,
)
from billing.invoicing.queries.credits import (
    down_payments_left,
    down_payments_of_order,
    lines_left,
    tax_row,
)
from billing.orders.models import OrderLine
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.actions.force_majeure import unserved_days
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.periods import ServicePeriod, period_paid
from billing.subscriptions.policy.termination import refund_pro_rata
from billing.subscriptions.queries.subscriptions import orders_of
from contracts.policy.clauses import keeps

REASON = "force_majeure"

_WHY = gettext_lazy("Days not served because of a force majeure event.")


@transaction.atomic
@keeps("LG-S20.3m")
def refund_unserved(*, subscription: Subscription, by: Actor, now: datetime, today: date) -> list[Invoice]:
    """Return the credit notes of a subscription that was terminated for an event.

    Its unserved days, with their VAT, in whichever term they lay.

    Licences added during the term count from the day they were added. Never more than is left of a line, nor
    is more given back than was paid: what is unpaid is owed no longer.
    """
    notes: list[Invoice] = []
    details: dict[str, Any] = {"reason": _WHY, "by": by, "now": now, "today": today}
    unserved = unserved_days(subscription)
    for invoice, amounts in _owed(subscription):
        details["credited_from"] = _not_served_from(invoice, subscription, unserved)
        with suppress(NothingCredited):
            notes += credit_order(corrects=invoice, amounts=amounts, **details)
    for note in notes:
        refund_credit_note(note=note, reason=REASON, by=by, now=now, today=today)
    return notes


@keeps("LG-S20.3m")
def refund_of(subscription: Subscription) -> int:
    """Return what is owed back for days not served, in cents without VAT.

    Of each of its terms and of what was added to them. An event that ended the subscription takes the rest of
    its term along.
    """
    return sum(sum(amounts.values()) for _invoice, amounts in _owed(subscription))


def _owed(subscription: Subscription) -> list[tuple[Invoice, dict[int, int]]]:
    """Return the invoices of a subscription, with what wasn't served of each line."""
    unserved = unserved_days(subscription)
    orders = orders_of(subscription)
    rows = Invoice.objects.filter(order__in=orders, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    invoices = rows.select_related("order").order_by("created_at")
    return [(invoice, _amounts(invoice, subscription, unserved)) for invoice in invoices]


def _not_served_from(
    invoice: Invoice, subscription: Subscription, unserved: Iterable[tuple[date, date]]
) -> date | None:
    """Return the first day of what an invoice asked that was not served: until then its price was owed."""
    periods = _periods(invoice, subscription).values()
    starts = [
        max(starts_on, period.starts_on)
        for starts_on, ends_on in unserved
        for period in periods
        if starts_on < period.ends_on and period.starts_on < ends_on
    ]
    return min(starts, default=None)


def _amounts(
    invoice: Invoice, subscription: Subscription, unserved: Iterable[tuple[date, date]]
) -> dict[int, int]:
    """Return what is still to be credited of each line for days not served, of the price that was kept."""
    deposits = down_payments_of_order(invoice)
    lines, behind = lines_left(invoice), down_payments_left(deposits)
    before = {line.position: cents for line, cents in _credited_for_days(invoice)}
    given = _given_for_days(invoice, deposits)
    by_hand = {tax: cents - given.get(tax, 0) for tax, cents in given_by_down_payments(lines, behind).items()}
    kept = price_kept(lines, before, by_hand)
    found = {}
    for position, period in _periods(invoice, subscription).items():
        days = {"starts_on": period.starts_on, "ends_on": period.ends_on}
        owed = refund_pro_rata(kept.get(position, 0), **days, unserved=unserved)
        found[position] = max(0, owed - before.get(position, 0))
    return still_to_credit(found, lines, behind, given)


def _credited_for_days(invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """Return the lines of an invoice that were credited for days not served, with how much."""
    with override(invoice.language):
        why = str(_WHY)
    taken = InvoiceLine.objects.filter(credits__invoice=invoice, invoice__reason=why).values_list(
        "credits_id"
    )
    found = dict(taken.annotate(total=Sum(net_in_sql())).order_by())
    return [(line, found[line.id]) for line in invoice.lines.filter(id__in=found)]


def _given_for_days(invoice: Invoice, deposits: Iterable[Invoice]) -> dict[str, int]:
    """Return by tax what down payments gave for days not served beyond what the invoice's notes name."""
    rows = [row for each in deposits for row in _credited_for_days(each)]
    rows += [row for row in _credited_for_days(invoice) if row[0].kind == LineKind.DEPOSIT]
    found: dict[str, int] = {}
    for line, cents in rows:
        found[tax_row(line)] = found.get(tax_row(line), 0) + cents
    return found


def _periods(invoice: Invoice, subscription: Subscription) -> dict[int, ServicePeriod]:
    """Return by position the days each line of an invoice paid for, of this subscription and its options."""
    order = invoice.order
    assert order is not None
    terms = {term.order_id: ServicePeriod(term.starts_on, term.ends_on) for term in subscription.terms.all()}
    mine = OrderLine.objects.filter(order=order, contract_id=subscription.contract_id)
    options = Q(order=order, contract_id=None, product__option_of=subscription.product_id)
    sites = Q(site__in=mine.values("site")) | Q(site=None)
    found = {}
    for line in (mine | OrderLine.objects.filter(options & sites)).distinct():
        period = period_paid(
            ordered_on=order.confirmed_on,
            terms=terms.values(),
            own=terms.get(order.pk),
            is_added=line.licences_after is not None,
        )
        if period is not None:
            found[line.position] = period
    return found
