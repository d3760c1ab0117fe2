"""What a client can still withdraw from, and what that gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from billing.catalogue.models.catalogue import Nature
from billing.catalogue.models.lines import LineKind
from billing.fulfilment.models import Delivery, Return
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import gross_part
from billing.money.gateways.holidays import customer_holidays
from billing.money.policy import vat
from billing.orders.models import Order, OrderLine
from billing.orders.queries.conclusion import concluded_on
from billing.returns.models import WithdrawnLine
from billing.returns.policy.withdrawal import Bought, withdrawn_cents
from billing.returns.queries.pieces import credited_so_far, gone_by_claims, paid_order_of
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy import termination
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Choice:
    """A line a client may withdraw from: how many they have, until when, and whether it has left our
    hands.
    """

    line: OrderLine
    kept: int
    last_day: date
    is_open: bool
    is_goods: bool
    has_left: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """An order that added to a subscription, and how many of which of its lines are withdrawn from."""

    order: Order
    taken: Mapping[int, int]


def delivery_of(order: Order) -> Delivery | None:
    """Return the parcel of an order."""
    return Delivery.objects.filter(order=order).first()


@keeps("LG-S22")
def choices(order: Order, *, received_on: date) -> list[Choice]:
    """Return what a client with a consumer's protections can withdraw from, or could have, on the day they
    say so.

    What was cancelled, ended, given back or renewed by itself is none of it; what replaces other things is
    withdrawn from with the order that was paid for these.
    """
    if order.state == Order.State.CANCELLED or replaced_order_of(order) is not None:
        return []
    parcel = delivery_of(order)
    rows = order.lines.filter(kind=LineKind.PRODUCT).select_related("product", "unavailable__substitute")
    found = []
    gone = gone_by_claims(order)
    delivered_on = parcel.delivered_on if parcel else None
    concluded = concluded_on(order)
    for line in rows.prefetch_related("withdrawn__back"):
        is_goods = line.nature == Nature.GOODS
        kept = line.kept - gone.get(line.position, 0)
        if kept <= 0 or _is_over(line, parcel if is_goods else None):
            continue
        begun_on = delivered_on if is_goods else concluded
        right = termination.withdrawal(
            is_consumer=True,
            concluded_on=concluded,
            received_on=delivered_on,
            goods=is_goods,
            holidays=customer_holidays(order.customer, begun_on or received_on),
        )
        assert right is not None
        has_left = is_goods and parcel is not None and parcel.shipped_at is not None
        found.append(Choice(line, kept, right.last_day, right.is_open(received_on), is_goods, has_left))
    return found


def replaced_order_of(order: Order) -> Order | None:
    """Return the order that was paid for what this one replaces, None where it replaces nothing."""
    back = Return.objects.filter(replacement=order).select_related("order").first()
    return paid_order_of(back) if back is not None else None


@keeps("LG-S22")
def additions_to(order: Order, taken: Mapping[int, int], *, received_on: date) -> list[Addition]:
    """Return what was added since to the subscriptions withdrawn from: it has no use without them.

    Each order that added something, with all that is left of it, as far as its own days are open.
    """
    lines = order.lines.filter(
        position__in=[position for position, count in taken.items() if count],
        licences_after=None,
        contract_id__isnull=False,
        product__option_of=None,
    )
    running = Subscription.objects.filter(
        contract__in=lines.values("contract_id"), order=order, ended_on=None
    )
    contracts = set(running.values_list("contract_id", flat=True))
    rows = OrderLine.objects.filter(contract_id__in=contracts, licences_after__isnull=False)
    orders = Order.objects.filter(pk__in=rows.exclude(order=order).values("order")).order_by("confirmed_at")
    found = []
    for each in orders.select_related("customer"):
        open_now = {
            choice.line.position: choice.kept
            for choice in choices(each, received_on=received_on)
            if choice.is_open and choice.line.contract_id in contracts
        }
        if open_now:
            found.append(Addition(each, open_now))
    return found


@keeps("LG-S3")
def may_withdraw(order: Order, *, on: date) -> bool:
    """Return whether something of an order could be withdrawn from on a day by its buyer."""
    return order.is_consumer_protected and any(each.is_open for each in choices(order, received_on=on))


def may_withdraw_if_small(order: Order, *, on: date) -> bool:
    """Return whether something could be withdrawn from by a professional who was never asked (LG-S3)."""
    return order.is_capacity_unknown and any(each.is_open for each in choices(order, received_on=on))


def _is_over(line: OrderLine, parcel: Delivery | None) -> bool:
    """Return whether nothing of a line is left to withdraw from: a sale that ended, a renewal by itself."""
    if parcel is not None and parcel.ended_on is not None:
        return True
    subscription = (
        Subscription.objects.filter(contract=line.contract_id).first() if line.contract_id else None
    )
    if subscription is None:
        return False
    by_itself = subscription.renewal == Subscription.Renewal.AUTOMATIC and line.licences_after is None
    return subscription.ended_on is not None or (by_itself and subscription.order_id != line.order_id)


def bought(order: Order, *, taken: Mapping[int, int] | None = None, on: date | None = None) -> list[Bought]:
    """Return the lines of an order as the policy reads them, with what was withdrawn, couldn't be had or went
    back by claims, and `taken` besides.

    `on` counts only what can't be held back any more on that day: goods that are here or proved to be on
    their way.
    """
    more = taken or {}
    gone = gone_by_claims(order)
    rows = order.lines.select_related("unavailable").prefetch_related(
        "withdrawn__back", "withdrawn__withdrawal"
    )
    return [
        Bought(
            line.position,
            line.kind,
            line.sold,
            line.net_cents,
            tax_row(line),
            line.nature == Nature.GOODS,
            sum(part.quantity for part in line.withdrawn.all() if _counts(part, on))
            + more.get(line.position, 0)
            + gone.get(line.position, 0)
            + _given_up(line),
            line.gone.lowered_cents if line.gone else 0,
        )
        for line in rows
    ]


def _given_up(line: OrderLine) -> int:
    return line.gone.quantity if line.gone is not None and line.gone.state == "refunded" else 0


def _counts(part: WithdrawnLine, on: date | None) -> bool:
    if on is None:
        return not part.is_refused
    secured_on = part.secured_on
    return secured_on is not None and secured_on <= on


def undecided() -> QuerySet[Return]:
    """Return what was withdrawn from and came back incomplete, while nobody has said what that means."""
    return Return.objects.filter(
        ground=Return.Ground.WITHDRAWAL, state=Return.State.RECEIVED, is_complete=False
    )


def tax_row(line: object) -> str:
    """Return how a line is taxed, as one word to compare by."""
    return "|".join(str(getattr(line, name)) for name in ("vat_rate", "tax_category", "tax_reason"))


def refund_of(order: Order, taken: Mapping[int, int]) -> int:
    """Return what an order's price goes down by, VAT included, when this is withdrawn from besides what was
    before.
    """
    lines = {line.position: line for line in order.lines.all()}
    before = withdrawn_cents(_reduced(order, bought(order)))
    after = withdrawn_cents(_reduced(order, bought(order, taken=taken)))
    rows = [_taxed(lines[position], cents - before.get(position, 0)) for position, cents in after.items()]
    return vat.totals(rows).gross_cents


def held_cents(order: Order, *, today: date) -> int:
    """Return what of an order's price waits for goods, VAT included: withdrawn from, and not owed yet."""
    lines = {line.position: line for line in order.lines.all()}
    owed = withdrawn_cents(_reduced(order, bought(order, on=today)))
    asked = withdrawn_cents(_reduced(order, bought(order)))
    rows = [_taxed(lines[position], cents - owed.get(position, 0)) for position, cents in asked.items()]
    return vat.totals(rows).gross_cents


def _reduced(order: Order, lines: list[Bought]) -> list[Bought]:
    """Return the lines of an order with what its credit notes took off their price."""
    asked = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    invoice = asked.select_related("order").first()
    return credited_so_far(invoice).reduce(lines) if invoice is not None else lines


def _taxed(line: OrderLine, cents: int) -> vat.Taxed:
    """Return so many net cents of a line with their tax, and what they come to with it."""
    told = line.treatment
    gross = gross_part(cents, net_cents=line.net_cents, gross_cents=line.gross_cents, rate_pct=told.rate_pct)
    return cents, told.rate_pct, told.category, told.mention_key, gross
