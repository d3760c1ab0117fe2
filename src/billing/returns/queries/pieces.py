"""Which pieces of an order came back by claims, and what was credited for all that is kept no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from billing.catalogue.models.lines import LineKind, net_in_sql
from billing.fulfilment.models import Delivery, Return
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.queries.credits import down_payments_left, down_payments_of_order, lines_left, tax_row
from billing.orders.models import Order, OrderLine, UnavailableLineCredit
from billing.returns.models import WithdrawalCredit
from billing.returns.policy.pieces import pieces_claimed, pieces_gone
from billing.returns.policy.warranty import PAID_BACK
from billing.returns.policy.withdrawal import CreditedSoFar
from contracts.policy.clauses import keeps


@keeps("LG-S9", "LG-S22")
def gone_by_claims(order: Order) -> dict[int, int]:
    """Return by position how many of each line went back by claims that ended in their price."""
    claims: dict[UUID, list[int]] = defaultdict(list)
    for product, count in _paid_back(order).values_list("product_id", "quantity"):
        claims[product].append(count)
    rooms = _rooms(order, claims) if claims else {}
    found: dict[int, int] = {}
    for product, counts in claims.items():
        found |= pieces_gone(counts, rooms.get(product, {}))
    return found


@keeps("LG-S9")
def paid_order_of(back: Return) -> Order:
    """Return the order by which what comes back was paid: of a replacement the one it stands for."""
    order = back.order
    while (
        first := Return.objects.filter(replacement=order).select_related("order__customer").first()
    ) is not None:
        order = first.order
    return order


@keeps("LG-S9")
def pieces_of(back: Return) -> dict[int, int]:
    """Return by position which pieces a claim is about: of those no claim or withdrawal took before."""
    order = paid_order_of(back)
    gone = gone_by_claims(order)
    room = _rooms(order, [back.product_id]).get(back.product_id, {})
    return pieces_claimed(back.quantity, {at: left - gone.get(at, 0) for at, left in room.items()})


@keeps("LG-S22", "LG-S9")
def claims_under_way(order: Order, product_id: UUID) -> list[tuple[Return, int]]:
    """Return the claims that took things of an order whose end isn't with the client, those replaced first,
    each with how many of its pieces weren't withdrawn from: what goes on, and what ends in others that
    haven't left.
    """
    rows = Return.objects.filter(order__in=_with_replacements(order), product_id=product_id)
    goes_on = Q(state__in=(Return.State.OPEN, Return.State.RECEIVED))
    here = Q(remedy="replacement", replacement__delivery__state=Delivery.State.PLANNED)
    claims = rows.exclude(ground=Return.Ground.WITHDRAWAL).filter(goes_on | here)
    told = claims.annotate(gone=Coalesce(Sum("withdrawn_parts__quantity"), Value(0)))
    order_by = (F("replacement").asc(nulls_last=True), "created_at")
    return [(row, row.quantity - row.gone) for row in told.order_by(*order_by)]


def _paid_back(order: Order) -> QuerySet[Return]:
    rows = Return.objects.filter(
        order__in=_with_replacements(order), state=Return.State.ENDED, remedy__in=PAID_BACK
    )
    return rows.exclude(ground=Return.Ground.WITHDRAWAL).order_by("created_at")


def _with_replacements(order: Order) -> set[UUID]:
    """Return an order and those that replace things of it, and things of these."""
    found = {order.pk}
    while more := set(
        Return.objects.filter(order__in=found, replacement__isnull=False)
        .exclude(replacement__in=found)
        .values_list("replacement", flat=True)
    ):
        found |= more
    return found


def _rooms(order: Order, products: Iterable[UUID]) -> dict[UUID, dict[int, int]]:
    """Return by product and position how many of each line were neither withdrawn from nor missing."""
    rows = OrderLine.objects.filter(order=order, product_id__in=list(products)).order_by("position")
    found: dict[UUID, dict[int, int]] = defaultdict(dict)
    for line in rows.select_related("unavailable").prefetch_related("withdrawn__back"):
        assert line.product_id is not None
        found[line.product_id][line.position] = line.kept
    return found


@keeps("LG-S22", "LG-S9", "LG-S10.1")
def credited_so_far(invoice: Invoice) -> CreditedSoFar:
    """Return what is left of an order's invoice, and what was credited of it for what is kept no more."""
    deposits = down_payments_of_order(invoice)
    notes = _notes(invoice)
    rows = _credited_by(notes, invoice)
    given: dict[str, int] = {}
    unnamed = [row for each in deposits for row in _credited_by(notes, each)]
    unnamed += [row for row in rows if row[0].kind == LineKind.DEPOSIT]
    for line, cents in unnamed:
        given[tax_row(line)] = given.get(tax_row(line), 0) + cents
    own = {line.position: cents for line, cents in rows if line.kind != LineKind.DEPOSIT}
    return CreditedSoFar(lines_left(invoice), down_payments_left(deposits), own, given)


def _notes(invoice: Invoice) -> QuerySet[Invoice]:
    """Return the credit notes of an order for what was withdrawn from, couldn't be had, or went back.

    A claim keeps the first of its notes: those of its down payments bear the same words, with its number.
    """
    order = invoice.order
    assert order is not None
    withdrawn = WithdrawalCredit.objects.filter(withdrawal__order=order).values("note")
    missing = UnavailableLineCredit.objects.filter(unavailable_line__line__order=order).values("note")
    claimed = _paid_back(order).exclude(credit_note=None)
    words = claimed.exclude(credit_note__reason="").values_list("credit_note__reason", flat=True)
    mine = Q(pk__in=withdrawn) | Q(pk__in=missing) | Q(pk__in=claimed.values("credit_note"))
    alike = Q(reason__in=set(words), order=order, kind=Invoice.Kind.CREDIT_NOTE)
    return Invoice.objects.filter(mine | alike)


def _credited_by(notes: QuerySet[Invoice], invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """Return the lines of an invoice that these notes credited, with how much."""
    taken = InvoiceLine.objects.filter(credits__invoice=invoice, invoice__in=notes.values("pk"))
    found = dict(taken.values_list("credits_id").annotate(total=Sum(net_in_sql())).order_by())
    return [(line, found[line.id]) for line in invoice.lines.filter(id__in=found)]
