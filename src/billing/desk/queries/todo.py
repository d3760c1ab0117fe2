"""What finance does today: the figures, the age of what is overdue, and each thing with its next step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from psycopg import sql

from audit.policy.lazy_rows import LazyRows
from billing.catalogue.policy.prices import EURO
from billing.collections.queries.claims import open_claims, overdue_claims
from billing.desk.queries.todo_rows import LATER, Todo, written
from billing.invoicing.queries.balances import open_invoices, overdue_invoices
from billing.invoicing.queries.credits import notes_owed
from billing.money.policy.rates import Rates
from billing.orders.models import Order
from billing.orders.queries.state import with_loss
from billing.payments.models import Payment, Refund
from billing.payments.queries.money import with_unallocated
from billing.quotes.models import QuoteRequest, QuoteVersion
from billing.registry import ask
from billing.returns.queries.withdrawals import undecided
from billing.subscriptions.models import Subscription
from tenants.models import Contract

RENEWS_WITHIN = timedelta(days=60)
DUE_WITHIN = timedelta(days=30)
ENDS_WITHIN = timedelta(days=7)  # a quote nobody has signed yet
# what presses most stands first; an overdue invoice presses more with each day, a quote the nearer its end
CHEQUE_TO_DEPOSIT = 400
QUOTE_ASKED = 390
RETURN_TO_DECIDE = 370
REFUND_OWED = 360
ORDER_CANCELLABLE = 350
INVOICE_OVERDUE = 300
QUOTE_ENDING = LATER

_COUNT = sql.SQL("(SELECT COUNT(*) FROM ({}) AS waiting)")


class Key(NamedTuple):
    """Where a row of the day stands among the others, and what it is of."""

    weight: int
    kind: str
    pk: UUID


def figures(today: date) -> dict[str, Any]:
    """Return the four figures of the day, each with its count.

    Amounts in euros only, for currencies don't add up.
    """
    soon = (today, today + DUE_WITHIN)
    rows = open_invoices().exclude(ask("payment_suspended", today))
    invoices_soon = rows.filter(currency=EURO, falls_due_on__range=soon)
    held = ask("payment_suspended", today, order="invoice__order_id")
    claims_soon = open_claims().filter(currency=EURO, falls_due_on__range=soon).exclude(held)
    waiting = QuoteVersion.objects.waiting().filter(valid_until__gte=today)
    renewals = Contract.objects.running(today).filter(
        ends_on__lte=today + RENEWS_WITHIN, tenant__isnull=False
    )
    return {
        "late": _together(
            overdue_invoices(today).filter(currency=EURO), overdue_claims(today).filter(currency=EURO)
        ),
        "soon": _together(invoices_soon, claims_soon),
        "quotes": waiting.count(),
        "quotes_ending": waiting.filter(valid_until__lte=today + ENDS_WITHIN).count(),
        "renewals": renewals.count(),
    }


def _together(invoices: QuerySet[Any], claims: QuerySet[Any]) -> dict[str, int]:
    """Return what is left to pay of both, and how many they are."""
    first = invoices.aggregate(cents=Sum("balance_cents"), count=Count("id"))
    second = claims.aggregate(cents=Sum("left_cents"), count=Count("id"))
    return {key: (first[key] or 0) + (second[key] or 0) for key in first}


def todos(today: date, rates: Rates) -> LazyRows[Todo]:
    """Return what is due today, the most pressing first: all of it is counted, and written out a page at a
    time.
    """
    keys = sorted(_keys(today), key=lambda key: -key.weight)  # those of a weight in the order of their days
    return LazyRows(keys, count=keys.__len__, show=partial(_written, today=today, rates=rates))


def _written(keys: Sequence[Key], *, today: date, rates: Rates) -> list[Todo]:
    """Return these rows in words, in one statement a kind and three for the interest."""
    asked: dict[str, list[Key]] = {}
    for key in keys:
        asked.setdefault(key.kind, []).append(key)
    found = dict[UUID, Todo]()
    for kind, rows in asked.items():
        found |= written(kind, {key.pk: key.weight for key in rows}, today, rates)
    return [found[key.pk] for key in keys if key.pk in found]


def _keys(today: date) -> Iterable[Key]:
    for pk in cheques_in_hand().order_by("received_on").values_list("pk", flat=True):
        yield Key(CHEQUE_TO_DEPOSIT, "cheque", pk)
    for pk in unanswered().values_list("pk", flat=True):
        yield Key(QUOTE_ASKED, "asked", pk)
    late = overdue_invoices(today).order_by("falls_due_on")
    for pk, due_on in late.values_list("pk", "falls_due_on"):
        yield Key(min(INVOICE_OVERDUE + (today - due_on).days, ORDER_CANCELLABLE - 1), "late", pk)
    yield from _owed_keys()
    claims = overdue_claims(today)
    for pk, due_on in claims.order_by("falls_due_on", "number").values_list("pk", "falls_due_on"):
        yield Key(min(INVOICE_OVERDUE + (today - due_on).days, ORDER_CANCELLABLE - 1), "claim", pk)
    for pk in cancellable(today).values_list("pk", flat=True):
        yield Key(ORDER_CANCELLABLE, "order", pk)
    for pk, valid_until in ending_quotes(today).order_by("valid_until").values_list("pk", "valid_until"):
        yield Key(QUOTE_ENDING - (valid_until - today).days, "quote", pk)


def _owed_keys() -> Iterable[Key]:
    """Yield what is owed to clients."""
    for pk in notes_owed().order_by("issued_on").values_list("pk", flat=True):
        yield Key(REFUND_OWED, "owed", pk)
    for pk in refunds_to_send().order_by("asked_at").values_list("pk", flat=True):
        yield Key(REFUND_OWED, "refund", pk)
    for pk in Refund.objects.undue().order_by("made_on").values_list("pk", flat=True):
        yield Key(REFUND_OWED, "undue", pk)
    for pk in idle_credit().order_by("received_on").values_list("pk", flat=True):
        yield Key(REFUND_OWED, "idle", pk)
    for pk in undecided().order_by("received_on", "number").values_list("pk", flat=True):
        yield Key(RETURN_TO_DECIDE, "return", pk)


def cheques_in_hand() -> QuerySet[Payment]:
    """Return the cheques that were received and not credited yet."""
    return Payment.objects.in_hand().filter(provider_id=None)


def cancellable(today: date) -> QuerySet[Order]:
    """Return the orders that may be cancelled for want of payment; one whose invoice is late stands there."""
    late = overdue_invoices(today).filter(order__isnull=False).order_by().values("order_id")
    rows = Order.objects.unpaid().filter(cancellable_since__isnull=False).exclude(pk__in=late)
    asked: QuerySet[Order] = with_loss(rows).filter(is_written_off=False, is_credited=False)
    return asked.order_by("cancellable_on")


def ending_quotes(today: date) -> QuerySet[QuoteVersion]:
    """Return the quotes to sign that end within a week."""
    return QuoteVersion.objects.waiting().filter(valid_until__range=(today, today + ENDS_WITHIN))


def refunds_to_send() -> QuerySet[Refund]:
    """Return what was promised back and somebody has to send by transfer."""
    return Refund.objects.active().filter(made_on=None, payment__provider_id=None)


def idle_credit() -> QuerySet[Any]:
    """Return the payments with money left of clients who have nothing running and nothing to pay it for."""
    mine = {"customer": OuterRef("customer")}
    open_now = open_invoices().filter(**mine)
    waiting = Order.objects.unpaid().filter(**mine)
    rows = with_unallocated(Payment.objects.filter(credited_on__isnull=False, bounced_on=None))
    left: QuerySet[Any] = rows.filter(free_cents__gt=0)
    runs = Subscription.objects.alive().filter(**mine)
    return left.exclude(Exists(runs)).exclude(Exists(open_now)).exclude(Exists(waiting))


def unanswered() -> QuerySet[QuoteRequest]:
    """Return the requests whose draft nobody has sent nor withdrawn."""
    return QuoteRequest.objects.filter(version__state=QuoteVersion.State.DRAFT)


def count(today: date) -> int:
    """Return how many things wait today: as many as there are keys, counted where they lie.

    Every page of the console shows it: one statement, written once a day.
    """
    statement, parameters = counting_statement(today)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (waiting,) = cursor.fetchone()
    return int(waiting)


@lru_cache(maxsize=16)
def counting_statement(today: date) -> tuple[sql.Composed, list[Any]]:
    """Return what counts the things that wait on a day, and its parameters: nothing of it ever changes."""
    kinds = (
        cheques_in_hand(),
        unanswered(),
        overdue_invoices(today),
        overdue_claims(today),
        notes_owed(),
        refunds_to_send(),
        Refund.objects.undue(),
        idle_credit(),
        undecided(),
        cancellable(today),
        ending_quotes(today),
    )
    compiled = [each.order_by().values("pk").query.sql_with_params() for each in kinds]
    counts = (_COUNT.format(sql.SQL(one)) for one, _parameters in compiled)
    statement = sql.SQL("SELECT {}").format(sql.SQL(" + ").join(counts))
    return statement, [value for _one, parameters in compiled for value in parameters]
