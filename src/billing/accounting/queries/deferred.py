"""What was invoiced up to a day and is served after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from billing.accounting.models import JournalLine
from billing.accounting.policy.chart import DEFERRED
from billing.accounting.policy.entries import Sold, role_of
from billing.accounting.policy.revenue import Served, deferred, recognised
from billing.catalogue.models import Product
from billing.catalogue.models.lines import LineKind, net_in_sql
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.queries.credits import tax_row
from billing.money.policy.days import day_starts_at, paris_day
from billing.money.policy.money import split
from billing.orders.models import OrderLine
from billing.subscriptions.models import SubscriptionTerm
from tenants.models import Contract

SERVED_LATER = (Product.Kind.SUBSCRIPTION, Product.Kind.GOODS)


@dataclass(frozen=True, slots=True)
class DeferredLine:
    """A line with something left to serve.

    What it says, over which period, how much of it was served by the day.
    """

    line: InvoiceLine
    served: Served
    recognised_cents: int
    deferred_cents: int


def deferred_lines(on: date) -> list[DeferredLine]:
    """Return the lines invoiced up to a day that are still to be served after it.

    Credit notes up to then counted.

    A subscription is served day by day, a thing when the risk passes to the client, a discount with each of
    the lines it is on, by their prices.
    """
    opened = list(_open(on))
    undone = _taken_back({line.invoice.order_id for line in opened if line.invoice.order_id}, on)
    lines = [line for line in opened if line.invoice.order_id not in undone]
    periods = _periods(lines)
    taken = _credited(lines, on)
    beside = _discounted(line for line in lines if line.kind == LineKind.DISCOUNT)
    found = []
    for line in lines:
        cents = line.net_cents - taken.get(line.pk, 0)
        parts = beside.get((line.invoice_id, tax_row(line))) if line.kind == LineKind.DISCOUNT else None
        all_served = (
            _served_with(parts, line, cents, periods, on) if parts else [_served(line, cents, periods)]
        )
        for served in all_served:
            if left := deferred(served, on):
                found.append(DeferredLine(line, served, recognised(served, on), left))
    return found


def _discounted(discounts: Iterable[InvoiceLine]) -> dict[tuple[UUID, str], list[InvoiceLine]]:
    """Return the lines that discounts are on, by document and tax."""
    rows = InvoiceLine.objects.filter(
        invoice__in={line.invoice_id for line in discounts}, kind=LineKind.PRODUCT
    )
    found: dict[tuple[UUID, str], list[InvoiceLine]] = {}
    for row in rows.select_related("invoice__order", "product").order_by("position"):
        found.setdefault((row.invoice_id, tax_row(row)), []).append(row)
    return found


def _served_with(
    lines: list[InvoiceLine], discount: InvoiceLine, cents: int, periods: Periods, on: date
) -> Iterable[Served]:
    """Yield how a discount is served: each part of it as the line it is on, less what went back with it."""
    sums: dict[tuple[date | None, date | None], int] = {}
    whole = split(discount.net_cents, [max(0, line.net_cents) for line in lines])
    back = _given_back_with(lines, discount, on)
    parts = [part - back.get(line.pk, 0) for line, part in zip(lines, whole, strict=True)]
    parts[-1] += cents - sum(parts)  # a cent of rounding
    for line, part in zip(lines, parts, strict=True):
        served = _served(line, part, periods) if _is_deferred(line) else Served(part, line.invoice.issued_on)
        when = (served.starts_on, served.ends_on)
        sums[when] = sums.get(when, 0) + part
    for (starts_on, ends_on), part in sums.items():
        yield Served(part, starts_on, ends_on)


def _given_back_with(lines: list[InvoiceLine], discount: InvoiceLine, on: date) -> dict[UUID, int]:
    """Return what credit notes gave back of a discount with each line: each note's with its own lines."""
    rows = InvoiceLine.objects.filter(
        credits__in=[discount.pk, *(line.pk for line in lines)], invoice__issued_on__lte=on
    )
    notes: dict[UUID, dict[UUID, int]] = {}
    for row in rows:
        assert row.credits_id is not None, "asked for"
        notes.setdefault(row.invoice_id, {})[row.credits_id] = row.net_cents
    found: dict[UUID, int] = {}
    for taken in notes.values():
        sold = [line.pk for line in lines if line.pk in taken]
        shares = split(taken.get(discount.pk, 0), [taken[pk] for pk in sold])
        for pk, share in zip(sold, shares, strict=True):
            found[pk] = found.get(pk, 0) + share
    return found


def _taken_back(orders: Iterable[UUID], on: date) -> set[UUID]:
    """Return the orders of which credit notes took back all that was invoiced up to a day."""
    rows = Invoice.objects.filter(order__in=list(orders), issued_on__lte=on)
    sums: dict[UUID, int] = {}
    for order_id, kind, cents in rows.values_list("order_id", "kind", "net_cents"):
        sign = -1 if kind == Invoice.Kind.CREDIT_NOTE else 1
        sums[order_id] = sums.get(order_id, 0) + sign * cents
    return {order_id for order_id, cents in sums.items() if cents <= 0}


def _is_deferred(line: InvoiceLine) -> bool:
    """Return whether a line is served after it is invoiced; any other, a day of training, is at once."""
    return line.product is not None and line.product.kind in SERVED_LATER


def _open(on: date) -> QuerySet[InvoiceLine]:
    tomorrow = on + timedelta(days=1)
    order = "invoice__order__"
    running = SubscriptionTerm.objects.filter(ends_on__gt=tomorrow)
    amended = OrderLine.objects.filter(
        licences_after__isnull=False,
        contract_id__in=Contract.objects.filter(ends_on__gt=tomorrow).values("pk"),
    )
    unopened = Q(**{f"{order}fulfilled_at": None}) | Q(
        **{f"{order}fulfilled_at__gte": day_starts_at(tomorrow)}
    )
    unsent = Q(product__kind=Product.Kind.GOODS) & (
        Q(**{f"{order}risk_on": None}) | Q(**{f"{order}risk_on__gt": on})
    )
    rows = InvoiceLine.objects.filter(invoice__kind=Invoice.Kind.INVOICE, invoice__issued_on__lte=on).filter(
        Q(invoice__order__in=running.values("order"))
        | Q(invoice__order__in=amended.values("order"))
        | unopened
        | unsent
    )
    kinds = Q(product__kind__in=SERVED_LATER, kind="product") | Q(kind="discount")
    return (
        rows.filter(kinds)
        .select_related("invoice__customer", "invoice__order", "product")
        .order_by("invoice__issued_on", "invoice__number", "position")
    )


def _credited(lines: Iterable[InvoiceLine], on: date) -> dict[UUID, int]:
    rows = InvoiceLine.objects.filter(credits__in=[line.pk for line in lines], invoice__issued_on__lte=on)
    taken = rows.values_list("credits_id").annotate(cents=Sum(net_in_sql()))
    return dict(taken.order_by())


Periods = dict[tuple[UUID, int], tuple[date, date]]


def _periods(lines: Iterable[InvoiceLine]) -> Periods:
    """Return over which period each line of these orders is served, by order and position."""
    orders = {line.invoice.order_id: line.invoice.order for line in lines if line.invoice.order_id}
    sold = list(OrderLine.objects.filter(order__in=orders, contract_id__isnull=False))
    terms = SubscriptionTerm.objects.filter(subscription__contract__in=[each.contract_id for each in sold])
    by_contract: dict[UUID, list[Any]] = {}
    for term in terms.select_related("subscription"):
        by_contract.setdefault(term.subscription.contract_id, []).append(term)
    found: Periods = {}
    for each in sold:
        assert each.contract_id is not None
        if period := _period(each, orders[each.order_id], by_contract.get(each.contract_id, [])):
            found[each.order_id, each.position] = period
    return found


def _period(sold: OrderLine, order: Any, terms: list[Any]) -> tuple[date, date] | None:
    """Return the term a line pays for; licences added to a running one are served from the signature to its
    end.
    """
    if sold.licences_after is None:
        term = next((each for each in terms if each.order_id == sold.order_id), None)
        return (term.starts_on, _end(term)) if term else None
    day = order.confirmed_on
    term = next((each for each in terms if each.starts_on <= day < each.ends_on), None)
    return (day, _end(term)) if term else None


def _end(term: Any) -> date:
    ends_on: date = term.ends_on
    ended_on: date | None = term.subscription.ended_on
    return min(ends_on, ended_on) if ended_on else ends_on


def _served(line: InvoiceLine, net_cents: int, periods: Periods) -> Served:
    order = line.invoice.order
    day = line.invoice.issued_on
    if order is None:
        return Served(net_cents, day)
    if line.product is not None and line.product.kind == Product.Kind.GOODS:
        return Served(net_cents, order.risk_on)
    if line.kind == "discount":
        own = [period for (key, _position), period in periods.items() if key == order.pk]
        period = max(own, key=lambda each: each[1], default=None)
        begun = period is not None or order.fulfilled_at is not None
    else:
        period = periods.get((order.pk, line.position))
        begun = False
    if period is not None:
        return Served(net_cents, *period)
    return Served(net_cents, paris_day(order.fulfilled_at) if begun and order.fulfilled_at else None)


def deferred_by_invoice(on: date) -> dict[UUID, dict[str, int]]:
    """Return what is still to be served after a day, by invoice and by what it is booked on."""
    found: dict[UUID, dict[str, int]] = {}
    for each in deferred_lines(on):
        sums = found.setdefault(each.line.invoice_id, {})
        role = role_of(Sold(each.line.kind, each.line.nature, 0))
        sums[role] = sums.get(role, 0) + each.deferred_cents
    return found


def deferred_in_books(on: date) -> dict[UUID, dict[str, int]]:
    """Return what the books say at a day is still to be served after it, in the same way."""
    rows = JournalLine.objects.filter(entry__journal="deferred", entry__on__lte=on).exclude(role=DEFERRED)
    sums = rows.values_list("entry__about_id", "role").annotate(cents=Sum("cents")).order_by()
    found: dict[UUID, dict[str, int]] = {}
    for invoice_id, role, cents in sums:
        if cents:
            found.setdefault(invoice_id, {})[role] = cents
    return found
