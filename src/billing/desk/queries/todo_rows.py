"""Each thing finance does today in words: for whom, on which document, what is due, and its next step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.catalogue.policy.methods import CHEQUE
from billing.catalogue.policy.prices import EURO
from billing.collections.policy.late_interest import Claimed, InterestCalculation
from billing.collections.queries.claims import open_claims
from billing.collections.queries.late import interest_calculations, unclaimed
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import overdue_invoices
from billing.invoicing.queries.credits import notes_owed
from billing.money.policy.days import paris_day
from billing.money.policy.rates import Rates
from billing.orders.models import Order
from billing.payments.models import Payment, Refund
from billing.payments.queries.money import with_unallocated
from billing.quotes.models import QuoteRequest, QuoteVersion
from billing.returns.policy.withdrawal import decision_due_on
from billing.returns.queries.withdrawals import held_cents, undecided
from contracts.labels import day_text
from contracts.templatetags.ui import money_text

CLAIMED_AFTER = timedelta(days=30)  # overdue for longer, its interest is claimed rather than reminded of
BLOCKS = 390  # from here on somebody waits for us; below it is today's work
LATER = 200  # under it a day is left at least


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


def written(kind: str, weights: dict[UUID, int], today: date, rates: Rates) -> dict[UUID, Todo]:
    """Return the rows of a kind in words, by what they are of, each with its weight."""
    if kind == "late":
        return dict(_late(weights, today, rates))
    if kind in _OF_CLIENTS:
        return dict(_OF_CLIENTS[kind](weights))
    if kind == "claim":
        return dict(_claims(weights, today))
    if kind == "quote":
        return dict(_quotes(weights, today))
    if kind == "return":
        return dict(_returns(weights, today))
    return dict({"cheque": _cheques, "asked": _asked, "order": _unpaid_orders}[kind](weights))


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
                _next_of(payment),
                _("funds never came") if payment.funds_missing_since else _day(payment.received_on),
                "wrong" if payment.funds_missing_since else "",
                weights[payment.pk],
                payment.currency,
                ((payment.reference or _("payment"), money_text(payment.amount_cents, payment.currency)),),
            ),
        )


def _next_of(payment: Payment) -> str:
    if payment.funds_missing_since:
        return _("Say what became of it")
    return _("Credit the cheque") if payment.method == CHEQUE else _("Credit the transfer")


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


def _undue(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    """Yield what was given back of money that never came."""
    for row in Refund.objects.filter(pk__in=weights).select_related("payment__customer"):
        yield (
            row.pk,
            Todo(
                row.payment.customer.name,
                row.payment.reference or _("payment"),
                reverse("billing:payment", args=[row.payment_id]),
                _("given back, and the payment was refused since"),
                row.amount_cents,
                _("Ask for it back"),
                _day(row.made_on or row.asked_on),
                "wrong",
                weights[row.pk],
                row.payment.currency,
            ),
        )


def _idle(weights: dict[UUID, int]) -> Iterable[tuple[UUID, Todo]]:
    """Yield the payments with money left of clients who have nothing to pay it for."""
    rows = with_unallocated(Payment.objects.filter(pk__in=weights)).select_related("customer")
    for payment in rows:
        address = reverse("billing:payment", args=[payment.pk])
        label = payment.reference or _("payment")
        yield _to_give_back(
            payment, label, address, payment.free_cents, payment.received_on, weights[payment.pk]
        )


_OF_CLIENTS: dict[str, Callable[[dict[UUID, int]], Iterable[tuple[UUID, Todo]]]] = {
    "owed": _notes_owed,
    "refund": _refunds,
    "undue": _undue,
    "idle": _idle,
}


def _returns(weights: dict[UUID, int], today: date) -> Iterable[tuple[UUID, Todo]]:
    """Yield the goods withdrawn from that came back incomplete, with the day to say what that means."""
    rows = undecided().filter(pk__in=weights).select_related("order__customer")
    for back in rows.prefetch_related("withdrawn_parts__withdrawal"):
        part = back.withdrawn
        day = decision_due_on(part.as_told, refund_by=part.withdrawal.refund_by)
        cents = held_cents(back.order, today=today)
        currency = back.order.currency
        yield (
            back.pk,
            Todo(
                back.order.customer.name,
                back.number,
                reverse("billing:return", args=[back.pk]),
                _("goods back incomplete on %(day)s") % {"day": _day(back.received_on or back.claimed_on)},
                cents,
                _("Say what becomes of it"),
                _("by %(day)s") % {"day": _day(day)} if day else "",
                "wrong" if day and day < today else "wait",
                weights[back.pk],
                currency,
                ((back.number, money_text(cents, currency)),),
            ),
        )


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
        step, tone = (
            (_("Settle the dispute"), "wait") if claim.is_disputed else (_("Press for its payment"), "wrong")
        )
        about = (
            _("late interest of %(number)s, disputed")
            if claim.is_disputed
            else _("late interest of %(number)s")
        )
        days = (today - claim.falls_due_on).days
        yield (
            claim.pk,
            Todo(
                claim.invoice.customer.name,
                claim.number,
                reverse("billing:interest_claim", args=[claim.pk]),
                about % {"number": claim.invoice.number},
                claim.left_cents,
                step,
                ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days},
                tone,
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
        day = _day(paris_day(asked.asked_at))
        users = ngettext("%(n)d profile", "%(n)d profiles", asked.users) % {"n": asked.users}
        due = _("quote asked for on %(day)s, %(users)s") % {"day": day, "users": users}
        step = (_("Complete it and send it"), day, "")
        yield asked.pk, _of_quote(asked.version, due, step, weights[asked.pk])


def _quotes(weights: dict[UUID, int], today: date) -> Iterable[tuple[UUID, Todo]]:
    """Yield what was sent and nobody signed, while it ends within the week."""
    for version in QuoteVersion.objects.filter(pk__in=weights).select_related("quote__customer"):
        days = (version.valid_until - today).days
        ends = ngettext("ends in %(days)d day", "ends in %(days)d days", days) % {"days": days}
        when = (ends, "") if days else (_("ends today"), "wait")
        step = (_("Remind them, or make a new version"), *when)
        yield version.pk, _of_quote(version, _("quote sent, not signed"), step, weights[version.pk])


def _of_quote(version: QuoteVersion, due: str, step: tuple[str, str, str], weight: int) -> Todo:
    """Return the row of a quote, with its step, when it presses, and its tone."""
    return Todo(
        version.quote.customer.name,
        version.label,
        reverse("billing:quote", args=[version.pk]),
        due,
        version.gross_cents,
        *step,
        weight,
        version.currency,
        ((version.label, money_text(version.gross_cents, version.currency)),),
    )


def _day(day: date) -> str:
    return day_text(day, "j N")
