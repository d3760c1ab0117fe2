"""What finance does today: the figures, the age of what is overdue, and each thing with its next step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.policy.lazy_rows import LazyRows
from billing.catalogue.policy.prices import EURO
from billing.collections.policy.late_interest import Claimed, InterestCalculation
from billing.collections.queries.claims import open_claims, overdue_claims
from billing.collections.queries.late import interest_calculations, unclaimed
from billing.invoicing.models import Invoice, WriteOff
from billing.invoicing.queries.balances import open_invoices, overdue_invoices
from billing.invoicing.queries.credits import notes_owed
from billing.money.policy.days import paris_day
from billing.money.policy.rates import Rates
from billing.orders.models import Order
from billing.payments.models import Payment, Refund
from billing.quotes.models import QuoteRequest, QuoteVersion
from contracts.labels import day_text
from contracts.templatetags.ui import money_text
from tenants.models import Contract

RENEWS_WITHIN = timedelta(days=60)
DUE_WITHIN = timedelta(days=30)
ENDS_WITHIN = timedelta(days=7)  # a quote nobody has signed yet
CLAIMED_AFTER = timedelta(days=30)  # overdue for longer, its interest is claimed rather than reminded of
# what presses most stands first; an overdue invoice presses more with each day, a quote the nearer its end
CHEQUE_TO_DEPOSIT = 400
QUOTE_ASKED = 390
REFUND_OWED = 360
ORDER_CANCELLABLE = 350
INVOICE_OVERDUE = 300
QUOTE_ENDING = 200
BLOCKS = 390  # from here on somebody waits for us; below it is today's work
LATER = QUOTE_ENDING  # under it a day is left at least


@dataclass(frozen=True, slots=True)
class Todo:
    """One row of the day: for whom, on which document, what is due, until when, and its one act.

    `sums` are what its amount is made of, label and text.
    """

    customer: str
    label: str
    url: str
    due: str
    cents: int
    step: str
    when: str
    tone: str
    weight: int
    currency: str = EURO
    sums: tuple[tuple[str, str], ...] = ()

    @property
    def group(self) -> str:
        """Return under which heading it stands."""
        if self.weight >= BLOCKS:
            return _("Holds somebody up")
        return _("Today") if self.weight >= LATER else _("This week")


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
    invoices_soon = open_invoices().filter(currency=EURO, falls_due_on__range=soon)
    claims_soon = open_claims().filter(currency=EURO, due_on__range=soon)
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
        found |= _rows(kind, {key.pk: key.weight for key in rows}, today, rates)
    return [found[key.pk] for key in keys if key.pk in found]


def _rows(kind: str, weights: dict[UUID, int], today: date, rates: Rates) -> dict[UUID, Todo]:
    if kind == "late":
        return dict(_late(weights, today, rates))
    if kind in {"owed", "refund"}:
        return dict({"owed": _notes_owed, "refund": _refunds}[kind](weights))
    if kind == "claim":
        return dict(_claims(weights, today))
    if kind == "quote":
        return dict(_quotes(weights, today))
    return dict({"cheque": _cheques, "asked": _asked, "order": _unpaid_orders}[kind](weights))


def _keys(today: date) -> Iterable[Key]:
    for pk in cheques_in_hand().order_by("received_on").values_list("pk", flat=True):
        yield Key(CHEQUE_TO_DEPOSIT, "cheque", pk)
    for pk in unanswered().values_list("pk", flat=True):
        yield Key(QUOTE_ASKED, "asked", pk)
    late = overdue_invoices(today).order_by("falls_due_on")
    for pk, due_on in late.values_list("pk", "falls_due_on"):
        yield Key(min(INVOICE_OVERDUE + (today - due_on).days, ORDER_CANCELLABLE - 1), "late", pk)
    yield from _owed_keys()
    for pk, due_on in overdue_claims(today).order_by("due_on", "number").values_list("pk", "due_on"):
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


def cheques_in_hand() -> QuerySet[Payment]:
    """Return the cheques that were received and not credited yet."""
    return Payment.objects.in_hand().filter(provider_id=None)


def cancellable(today: date) -> QuerySet[Order]:
    """Return the orders that may be cancelled for want of payment; one whose invoice is late stands there."""
    late = overdue_invoices(today).filter(order__isnull=False).order_by().values("order_id")
    lost = WriteOff.objects.active().filter(invoice__order__isnull=False).values("invoice__order")
    rows = Order.objects.unpaid().filter(cancellable_since__isnull=False).exclude(pk__in=late)
    rows = rows.exclude(pk__in=lost)
    return rows.order_by("cancellable_on")


def ending_quotes(today: date) -> QuerySet[QuoteVersion]:
    """Return the quotes to sign that end within a week."""
    return QuoteVersion.objects.waiting().filter(valid_until__range=(today, today + ENDS_WITHIN))


def _cheques(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    for payment in Payment.objects.filter(pk__in=weights).select_related("customer"):
        yield (
            payment.pk,
            Todo(
                payment.customer.name,
                _("payment"),
                reverse("billing:payment", args=[payment.pk]),
                _("received on %(day)s") % {"day": _day(payment.received_on)},
                payment.amount_cents,
                _("Say what became of it") if payment.funds_missing_since else _("Credit the cheque"),
                _("funds never came") if payment.funds_missing_since else _day(payment.received_on),
                "wrong" if payment.funds_missing_since else "",
                weights[payment.pk],
                payment.currency,
                ((payment.reference or _("payment"), money_text(payment.amount_cents, payment.currency)),),
            ),
        )


def _late(weights: dict[UUID, int], today: date, rates: Rates) -> Iterable[tuple[UUID, Todo]]:
    asked = overdue_invoices(today).filter(pk__in=weights)
    rows = list(asked.select_related("customer").prefetch_related("disputes"))
    found = interest_calculations(rows, today, rates)
    beyond = unclaimed(found)  # what claims asked stands on lines of its own
    for invoice in rows:
        more = beyond[invoice.pk]
        step, tone = _late_step(invoice, today, found[invoice.pk], more)
        days = (today - invoice.falls_due_on).days
        yield (
            invoice.pk,
            Todo(
                invoice.customer.name,
                invoice.number,
                reverse("billing:late_invoice", args=[invoice.pk]),
                _cost(invoice, more),
                invoice.balance_cents + more.total_cents,
                step,
                ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days},
                tone,
                weights[invoice.pk],
                invoice.currency,
                tuple(_sums(invoice, more)),
            ),
        )


def refunds_to_send() -> QuerySet[Refund]:
    """Return what was promised back and somebody has to send by transfer."""
    return Refund.objects.active().filter(made_on=None, payment__provider_id=None)


def _notes_owed(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    """Yield the credit notes of what had been paid."""
    for note in notes_owed().filter(pk__in=weights).select_related("customer"):
        address = reverse("billing:invoice", args=[note.pk])
        yield _to_give_back(note, note.number, address, note.owed_cents, note.issued_on, weights[note.pk])


def _refunds(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    """Yield the transfers to send."""
    for row in Refund.objects.filter(pk__in=weights).select_related("payment__customer"):
        address = reverse("billing:payment", args=[row.payment_id])
        label = row.payment.reference or _("payment")
        _pk, todo = _to_give_back(
            row.payment, label, address, row.amount_cents, row.asked_on, weights[row.pk]
        )
        yield row.pk, todo


def _to_give_back(
    of: Invoice | Payment, label: str, url: str, cents: int, since: date, weight: int
) -> tuple[UUID, Todo]:
    return of.pk, Todo(
        of.customer.name,
        label,
        url,
        _("owed to the client since %(day)s") % {"day": _day(since)},
        cents,
        _("Give it back"),
        _day(since),
        "wait",
        weight,
        of.currency,
        ((label, money_text(cents, of.currency)),),
    )


def _claims(weights: dict[UUID, int], today: date) -> Iterable[tuple[UUID, Todo]]:
    """Yield the claims for late interest that nobody paid by their day, their invoice paid or not."""
    for claim in open_claims().filter(pk__in=weights).select_related("invoice__customer"):
        left = money_text(claim.left_cents, claim.currency)
        days = (today - claim.due_on).days
        yield (
            claim.pk,
            Todo(
                claim.invoice.customer.name,
                claim.number,
                reverse("billing:interest_claim", args=[claim.pk]),
                _("late interest of %(number)s") % {"number": claim.invoice.number},
                claim.left_cents,
                _("Press for its payment"),
                ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days},
                "wrong",
                weights[claim.pk],
                claim.currency,
                ((claim.number, left),),
            ),
        )


def _sums(invoice: Any, more: Claimed) -> Iterable[tuple[str, str]]:
    """Yield what an overdue invoice costs today, sum by sum, beyond what claims asked."""
    currency = invoice.currency
    day = {"number": invoice.number, "day": _day(invoice.falls_due_on)}
    yield _("%(number)s, due on %(day)s") % day, money_text(invoice.balance_cents, currency)
    if more.interest_cents:
        yield _("Interest to today"), money_text(more.interest_cents, currency)
    if more.flat_fee_cents:
        yield _("Flat fee"), money_text(more.flat_fee_cents, currency)


def _cost(invoice: Any, more: Claimed) -> str:
    balance = money_text(invoice.balance_cents, invoice.currency)
    if not more.total_cents:
        return balance
    interest = money_text(more.interest_cents, invoice.currency)
    if not more.flat_fee_cents:
        return _("%(balance)s + interest %(interest)s") % {"balance": balance, "interest": interest}
    fee = money_text(more.flat_fee_cents, invoice.currency)
    return _("%(balance)s + interest %(interest)s + %(fee)s") % {
        "balance": balance,
        "interest": interest,
        "fee": fee,
    }


def _late_step(
    invoice: Any, today: date, statement: InterestCalculation | None, more: Claimed
) -> tuple[str, str]:
    if invoice.disputes.all() and any(dispute.closed_at is None for dispute in invoice.disputes.all()):
        return _("Settle the dispute"), "wait"
    if invoice.customer_type == "consumer" and (statement is None or not statement.segments):
        return _("Send a formal notice"), "wait"
    if today - invoice.falls_due_on > CLAIMED_AFTER and more.total_cents:
        return _("Claim interest"), "wrong"
    return _("Remind them"), "wait"


def _unpaid_orders(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    """Yield the orders that waited too long for their money."""
    for order in Order.objects.filter(pk__in=weights).select_related("customer"):
        since = _day(order.cancellable_on)
        yield (
            order.pk,
            Todo(
                order.customer.name,
                order.number,
                reverse("billing:order", args=[order.pk]),
                _("signed on %(day)s, unpaid") % {"day": _day(order.confirmed_on)},
                order.gross_cents,
                _("Cancel it, or give it more time"),
                _("cancellable since %(day)s") % {"day": since},
                "wrong",
                weights[order.pk],
                order.currency,
                ((order.number, money_text(order.gross_cents, order.currency)),),
            ),
        )


def _asked(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    """Yield what was asked for on the site and not answered yet."""
    for asked in QuoteRequest.objects.filter(pk__in=weights).select_related("version__quote__customer"):
        version = asked.version
        users = ngettext("%(n)d profile", "%(n)d profiles", asked.users) % {"n": asked.users}
        yield (
            asked.pk,
            Todo(
                version.quote.customer.name,
                version.label,
                reverse("billing:quote", args=[version.pk]),
                _("quote asked for on %(day)s, %(users)s")
                % {"day": _day(paris_day(asked.asked_at)), "users": users},
                version.gross_cents,
                _("Complete it and send it"),
                _day(paris_day(asked.asked_at)),
                "",
                weights[asked.pk],
                version.currency,
                ((version.label, money_text(version.gross_cents, version.currency)),),
            ),
        )


def unanswered() -> QuerySet[QuoteRequest]:
    """Return the requests whose draft nobody has sent nor withdrawn."""
    return QuoteRequest.objects.filter(version__state=QuoteVersion.State.DRAFT)


def _quotes(weights: dict[UUID, int], today: date) -> Iterable[tuple[UUID, Todo]]:
    for version in QuoteVersion.objects.filter(pk__in=weights).select_related("quote__customer"):
        days = (version.valid_until - today).days
        ends = ngettext("ends in %(days)d day", "ends in %(days)d days", days) % {"days": days}
        yield (
            version.pk,
            Todo(
                version.quote.customer.name,
                version.label,
                reverse("billing:quote", args=[version.pk]),
                _("quote sent, not signed"),
                version.gross_cents,
                _("Remind them, or make a new version"),
                ends if days else _("ends today"),
                "" if days else "wait",
                weights[version.pk],
                version.currency,
                ((version.label, money_text(version.gross_cents, version.currency)),),
            ),
        )


def _day(day: date) -> str:
    return day_text(day, "j N")


def count(today: date) -> int:
    """Return how many things wait today: as many as there are keys, counted where they lie."""
    kinds = (
        cheques_in_hand(),
        unanswered(),
        overdue_invoices(today),
        overdue_claims(today),
        notes_owed(),
        refunds_to_send(),
        cancellable(today),
        ending_quotes(today),
    )
    return sum(each.count() for each in kinds)
