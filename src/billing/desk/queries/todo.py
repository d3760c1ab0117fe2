"""What finance does today: the figures, the age of what is overdue, and each thing with its next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.catalogue.policy.prices import EURO
from billing.collections.policy.late_interest import InterestCalculation
from billing.collections.queries.late import statements_of
from billing.invoicing.queries.balances import open_invoices, overdue_invoices
from billing.money.policy.days import paris_day
from billing.money.policy.rates import Rates
from billing.orders.models import Order
from billing.payments.models import Payment
from billing.quotes.models import QuoteRequest, QuoteVersion
from contracts.templatetags.ui import money_text
from tenants.models import Contract

MOST = 20

RENEWS_WITHIN = timedelta(days=60)
DUE_WITHIN = timedelta(days=30)
ENDS_WITHIN = timedelta(days=7)  # a quote nobody has signed yet
CLAIMED_AFTER = timedelta(days=30)  # overdue for longer, its interest is claimed rather than reminded of


@dataclass(frozen=True, slots=True)
class Todo:
    """One row of the day: for whom, on which document, what is due, and what comes next."""

    customer: str
    label: str
    url: str
    due: str
    cents: int
    step: str
    tone: str
    weight: int
    currency: str = EURO


def figures(today: date) -> dict[str, Any]:
    """Return the four figures of the day, each with its count.

    Amounts in euros only, for currencies don't add up.
    """
    late = (
        overdue_invoices(today).filter(currency=EURO).aggregate(cents=Sum("balance_cents"), count=Count("id"))
    )
    soon = open_invoices().filter(
        currency=EURO, falls_due_on__gte=today, falls_due_on__lte=today + DUE_WITHIN
    )
    waiting = QuoteVersion.objects.waiting().filter(valid_until__gte=today)
    renewals = Contract.objects.running(today).filter(
        ends_on__lte=today + RENEWS_WITHIN, tenant__isnull=False
    )
    return {
        "late": late,
        "soon": soon.aggregate(cents=Sum("balance_cents"), count=Count("id")),
        "quotes": waiting.count(),
        "quotes_ending": waiting.filter(valid_until__lte=today + ENDS_WITHIN).count(),
        "renewals": renewals.count(),
    }


def todos(today: date, rates: Rates) -> list[Todo]:
    """Return what is due today, the most pressing first."""
    late = list(
        overdue_invoices(today)
        .select_related("customer")
        .prefetch_related("disputes")
        .order_by("falls_due_on")[:MOST]
    )
    rows = [*_cheques(), *_asked(), *_late(late, today, rates), *_unpaid_orders(late), *_quotes(today)]
    return sorted(rows, key=lambda row: -row.weight)[:MOST]


def _cheques() -> Iterable[Todo]:
    rows = (
        Payment.objects.in_hand()
        .filter(provider_id=None)
        .select_related("customer")
        .order_by("received_on")[:MOST]
    )
    for payment in rows:
        yield Todo(
            payment.customer.name,
            _("payment"),
            reverse("billing:payment", args=[payment.pk]),
            _("received on %(day)s") % {"day": _day(payment.received_on)},
            payment.amount_cents,
            *((_("Funds never came"), "wrong") if payment.missing_since else (_("Credit it"), "accent")),
            400,
            payment.currency,
        )


def _late(rows: list[Any], today: date, rates: Rates) -> Iterable[Todo]:
    found = statements_of(rows, today, rates)
    for invoice in rows:
        statement = found[invoice.pk]
        total = invoice.balance_cents + (statement.total_cents if statement else 0)
        step, tone = _late_step(invoice, today, statement)
        yield Todo(
            invoice.customer.name,
            invoice.number,
            reverse("billing:late_invoice", args=[invoice.pk]),
            _cost(invoice, statement),
            total,
            step,
            tone,
            300 + (today - invoice.falls_due_on).days,
            invoice.currency,
        )


def _cost(invoice: Any, statement: InterestCalculation | None) -> str:
    balance = money_text(invoice.balance_cents, invoice.currency)
    if statement is None or not statement.total_cents:
        return balance
    interest = money_text(statement.interest_cents, invoice.currency)
    if not statement.flat_fee_cents:
        return _("%(balance)s + interest %(interest)s") % {"balance": balance, "interest": interest}
    fee = money_text(statement.flat_fee_cents, invoice.currency)
    return _("%(balance)s + interest %(interest)s + %(fee)s") % {
        "balance": balance,
        "interest": interest,
        "fee": fee,
    }


def _late_step(invoice: Any, today: date, statement: InterestCalculation | None) -> tuple[str, str]:
    if invoice.disputes.all() and any(dispute.closed_at is None for dispute in invoice.disputes.all()):
        return _("Disputed"), "wait"
    if invoice.regime == "consumer" and (statement is None or not statement.segments):
        return _("Formal notice to send"), "wait"
    if today - invoice.falls_due_on > CLAIMED_AFTER:
        return _("Claim the interest"), "wrong"
    return _("Remind"), "wait"


def _unpaid_orders(late: list[Any]) -> Iterable[Todo]:
    """Yield the orders waiting for their money; one whose invoice is overdue already stands there."""
    rows = Order.objects.unpaid().exclude(pk__in=[invoice.order_id for invoice in late if invoice.order_id])
    for order in rows.select_related("customer").order_by("cancellable_on")[:MOST]:
        ready = order.is_cancellable
        step = (
            _("Can be cancelled")
            if ready
            else _("Can be cancelled from %(day)s") % {"day": _day(order.cancellable_on)}
        )
        yield Todo(
            order.customer.name,
            order.number,
            reverse("billing:order", args=[order.pk]),
            _("signed on %(day)s, unpaid") % {"day": _day(order.confirmed_on)},
            order.gross_cents,
            step,
            "wrong" if ready else "",
            350 if ready else 100,
            order.currency,
        )


def _asked() -> Iterable[Todo]:
    """Yield what was asked for on the site and not answered yet."""
    for asked in unanswered().select_related("version__quote__customer")[:MOST]:
        version = asked.version
        users = ngettext("%(n)d profile", "%(n)d profiles", asked.users) % {"n": asked.users}
        yield Todo(
            version.quote.customer.name,
            version.label,
            reverse("billing:quote", args=[version.pk]),
            _("quote asked for on %(day)s, %(users)s")
            % {"day": _day(paris_day(asked.asked_at)), "users": users},
            version.gross_cents,
            _("Complete it and send it"),
            "accent",
            390,
            version.currency,
        )


def unanswered() -> QuerySet[QuoteRequest]:
    """Return the requests whose draft nobody has sent nor withdrawn."""
    return QuoteRequest.objects.filter(version__state=QuoteVersion.State.DRAFT)


def _quotes(today: date) -> Iterable[Todo]:
    rows = QuoteVersion.objects.waiting().filter(valid_until__range=(today, today + ENDS_WITHIN))
    for version in rows.select_related("quote__customer").order_by("valid_until")[:MOST]:
        days = (version.valid_until - today).days
        step = (
            ngettext("Ends in %(days)d day", "Ends in %(days)d days", days) % {"days": days}
            if days
            else _("Ends today")
        )
        yield Todo(
            version.quote.customer.name,
            version.label,
            reverse("billing:quote", args=[version.pk]),
            _("quote sent, not signed"),
            version.gross_cents,
            step,
            "wait",
            200 - days,
            version.currency,
        )


def _day(day: date) -> str:
    return date_format(day, "j N")


def count(today: date) -> int:
    """Return how many things wait today."""
    late = list(overdue_invoices(today).values_list("order_id", flat=True))
    in_hand = Payment.objects.in_hand().filter(provider_id=None).count()
    cancellable = Order.objects.unpaid().filter(cancellable_since__isnull=False)
    cancellable = cancellable.exclude(pk__in=[order_id for order_id in late if order_id])
    ending = QuoteVersion.objects.waiting().filter(valid_until__range=(today, today + ENDS_WITHIN)).count()
    return len(late) + in_hand + cancellable.count() + ending + unanswered().count()
