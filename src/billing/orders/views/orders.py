"""Orders and refusals in the console; issue an order's last invoice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.queries.refusals import refusal_words
from billing.money.labels import amount_cell
from billing.money.policy.days import paris_day
from billing.money.views.answers import done, problem
from billing.money.views.lists import ListPage
from billing.orders.actions.issue_invoice import InvoicedAlready, issue_final
from billing.orders.labels import ORDER_STATES, ORDER_WORDS, TOLD, reason_words
from billing.orders.models import Order, Refusal
from billing.orders.queries.state import state_of_order, with_loss
from people.requests import ConsoleRequest


class OrderList(ListPage[Any]):
    """All orders."""

    permission = "orders.write"
    template_name = "billing/orders/console/orders.html"
    searched = ("number", "customer__name", "sites__name")
    sorts = {
        "number": "number",
        "customer": "customer__name",
        "total": "gross_cents",
        "confirmed": "confirmed_at",
    }
    first_sort = "-confirmed"
    csv_name = "commandes"

    def rows(self) -> QuerySet[Any]:
        """Return the orders."""
        rows = Order.objects.select_related("customer").prefetch_related("sites").distinct()
        return with_loss(rows)

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the orders in a state, or those that may be cancelled."""
        if state == "cancellable":
            return rows.filter(
                state="waiting", cancellable_since__isnull=False, is_written_off=False, is_credited=False
            )
        if state == "written_off":
            return rows.filter(state="waiting", is_written_off=True)
        if state == "withdrawn":
            return rows.filter(is_withdrawn=True).exclude(state="cancelled")
        if state == "credited":
            return rows.filter(state__in=("waiting", "open"), is_credited=True, is_withdrawn=False)
        if state == "open":
            return rows.filter(state=state, is_withdrawn=False, is_credited=False)
        return rows.filter(state=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of orders, and more: what may be cancelled, and what is asked of nobody."""
        return [
            *((key, words) for key, (words, *_rest) in ORDER_STATES.items()),
            ("cancellable", _("can be cancelled")),
            *((key, ORDER_WORDS[key][0]) for key in ("written_off", "credited", "withdrawn")),
        ]

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Confirmed on"),
            _("Can be cancelled from"),
            _("Total"),
            _("Currency"),
            _("State"),
        ]

    def line(self, row: Order) -> Iterable[Any]:
        """Return an order's cells."""
        state = str(ORDER_WORDS[state_of_order(row)][0])
        total = [amount_cell(row.gross_cents), row.currency]
        return [row.number, row.customer.name, row.confirmed_on, row.cancellable_on, *total, state]


class RefusalList(ListPage[Refusal]):
    """The orders that weren't taken, or were taken back, each with its reason and when the client was
    told.
    """

    permission = "orders.write"
    template_name = "billing/orders/console/refusals.html"
    searched = ("contact__customer__name", "email", "order__number", "words")
    sorts = {"refused": "refused_at", "reason": "reason"}
    first_sort = "-refused"
    csv_name = "refus"

    def rows(self) -> QuerySet[Refusal]:
        """Return the refusals."""
        return Refusal.objects.select_related("contact__customer", "order")

    def filtered(self, rows: QuerySet[Refusal], state: str) -> QuerySet[Refusal]:
        """Return the refusals for a reason."""
        return rows.filter(reason=state)

    def states(self) -> list[tuple[str, Any]]:
        """Return the reasons."""
        return list(TOLD.items())

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Refused on"),
            _("Customer"),
            _("Order"),
            _("Reason"),
            _("Told to the client"),
            _("Told on"),
        ]

    def line(self, row: Refusal) -> Iterable[Any]:
        """Return a refusal's cells."""
        who = row.contact.customer.name if row.contact else row.email
        told = paris_day(row.notified_at) if row.notified_at else ""
        return [
            row.refused_on,
            who,
            row.order.number if row.order else "",
            reason_words(row.reason),
            row.words,
            told,
        ]


class IssueFinal(View):
    """Issue the invoice of an order whose deposit was invoiced."""

    permission = "invoices.write"

    def post(self, request: ConsoleRequest, order_id: UUID) -> HttpResponse:
        """Issue it, or say why not."""
        order = get_object_or_404(Order, pk=order_id)
        try:
            invoice = issue_final(
                order_id=order.pk, by=request.person, now=timezone.now(), today=request.today
            )
        except InvoicedAlready:
            return problem(request, _("This order was invoiced in full already."), "billing:order", order.pk)
        except NotAnInvoice as lack:
            return problem(request, refusal_words(lack.missing, lack.broken), "billing:order", order.pk)
        return done(
            request, _("%(number)s is issued.") % {"number": invoice.number}, "billing:invoice", invoice.pk
        )
