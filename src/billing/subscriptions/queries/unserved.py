"""Which days of a subscription an event kept from being served, and what is still to be credited of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from billing.catalogue.models.lines import LineKind, net_in_sql
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.policy.credit import given_by_down_payments, price_kept, still_to_credit
from billing.invoicing.queries.credits import (
    down_payments_left,
    down_payments_of_order,
    lines_left,
    tax_row,
)
from billing.orders.models import OrderLine
from billing.subscriptions.models import ForceMajeure, Subscription, Termination, UnservedCredit
from billing.subscriptions.policy.periods import (
    ServicePeriod,
    interruption_began_on,
    period_paid,
    still_unserved,
    unserved_periods,
)
from billing.subscriptions.policy.termination import force_majeure_may_end_on
from billing.subscriptions.queries.subscriptions import orders_of, profile_of
from contracts.policy.clauses import keeps

Days = list[tuple[date, date]]


@keeps("LG-S20.3m")
def may_end_for_event_on(event: ForceMajeure) -> date:
    """Return the first day on which either side may end a subscription for an event, while it lasts.

    Counted from the first day of the interruption, whichever events it is made of.
    """
    others = event.subscription.events.exclude(pk=event.pk).values_list("started_on", "ended_on")
    began_on = interruption_began_on(event.started_on, others)
    days = profile_of(event.subscription.contract).termination.force_majeure_days
    return force_majeure_may_end_on(began_on, days=days)


def unserved_days(subscription: Subscription) -> Days:
    """Return the half-open days whose price is owed back now."""
    return _days(
        subscription,
        ended_on=subscription.ended_on,
        is_for_event=subscription.end_reason == Termination.Ground.FORCE_MAJEURE,
    )


def unserved_if_over(subscription: Subscription, *, on: date) -> Days:
    """Return the half-open days whose price would be owed back were the events that last over on a day."""
    return _days(subscription, ended_on=subscription.ended_on, over_on=on)


def unserved_if_ended(subscription: Subscription, *, on: date) -> Days:
    """Return the half-open days whose price would be owed back were it ended for an event on a day."""
    return _days(subscription, ended_on=on, is_for_event=True)


def _days(
    subscription: Subscription,
    *,
    ended_on: date | None,
    is_for_event: bool = False,
    over_on: date | None = None,
) -> Days:
    events = subscription.events.filter(suspends_service=True).values_list("started_on", "ended_on")
    return unserved_periods(
        [(starts_on, until or over_on) for starts_on, until in events],
        days=profile_of(subscription.contract).termination.force_majeure_days,
        ends_on=subscription.term.ends_on,
        ended_on=ended_on,
        is_for_event=is_for_event,
    )


@dataclass(frozen=True, slots=True)
class UnservedShown:
    """What a page says of days not served, in cents without VAT.

    What is owed back now, and what would be were the events that last over today, or its subscription ended
    for one of them, where that may be. The notes that were issued.
    """

    owed_cents: int
    if_over_cents: int
    if_ended_cents: int
    notes: list[Invoice]
    days: int


def unserved_shown(subscription: Subscription, *, today: date) -> UnservedShown:
    """Return what the page of a subscription says of days not served."""
    days = profile_of(subscription.contract).termination.force_majeure_days
    lasting = [event for event in subscription.events.all() if event.ended_on is None]
    stops = any(event.suspends_service for event in lasting)
    may_end = any(today >= may_end_for_event_on(event) for event in lasting)
    if_over = unserved_if_over(subscription, on=today) if stops else []
    ends = may_end and subscription.ended_on is None
    if_ended = unserved_if_ended(subscription, on=today) if ends else []
    return UnservedShown(
        owed_cents=refund_of(subscription, unserved_days(subscription)),
        if_over_cents=refund_of(subscription, if_over),
        if_ended_cents=refund_of(subscription, if_ended),
        notes=[each.note for each in subscription.unserved_credits.select_related("note")],
        days=days,
    )


@keeps("LG-S20.3m")
def refund_of(subscription: Subscription, unserved: Days) -> int:
    """Return what is still to be credited for days not served, in cents without VAT.

    Of each of its terms and of what was added to them.
    """
    return sum(sum(amounts.values()) for _invoice, amounts in owed_for(subscription, unserved))


def owed_for(subscription: Subscription, unserved: Days) -> list[tuple[Invoice, dict[int, int]]]:
    """Return the invoices of a subscription, with what wasn't served of each line and not credited yet."""
    orders = orders_of(subscription)
    rows = Invoice.objects.filter(order__in=orders, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    invoices = rows.select_related("order").order_by("created_at") if unserved else []
    return [(invoice, _amounts(invoice, subscription, unserved)) for invoice in invoices]


def not_served_from(invoice: Invoice, subscription: Subscription, unserved: Days) -> date | None:
    """Return the first day of what an invoice asked that was not served: until then its price was owed."""
    periods = _periods(invoice, subscription).values()
    starts = [
        max(starts_on, period.starts_on)
        for starts_on, ends_on in unserved
        for period in periods
        if starts_on < period.ends_on and period.starts_on < ends_on
    ]
    return min(starts, default=None)


def _amounts(invoice: Invoice, subscription: Subscription, unserved: Days) -> dict[int, int]:
    """Return what is still to be credited of each line for days not served, of the price that was kept."""
    deposits = down_payments_of_order(invoice)
    lines, behind = lines_left(invoice), down_payments_left(deposits)
    before = {line.position: cents for line, cents in _credited_for_days(invoice)}
    given = _given_for_days(invoice, deposits)
    by_hand = {tax: cents - given.get(tax, 0) for tax, cents in given_by_down_payments(lines, behind).items()}
    kept = price_kept(lines, before, by_hand)
    found = {
        position: still_unserved(
            kept.get(position, 0), before.get(position, 0), period=period, unserved=unserved
        )
        for position, period in _periods(invoice, subscription).items()
    }
    return still_to_credit(found, lines, behind, given)


def _credited_for_days(invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """Return the lines of an invoice that were credited for days not served, with how much."""
    notes = UnservedCredit.objects.values("note")
    taken = InvoiceLine.objects.filter(credits__invoice=invoice, invoice__in=notes).values_list("credits_id")
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
