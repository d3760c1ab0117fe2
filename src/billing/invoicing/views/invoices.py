"""Invoices in the console: the list, the PDF."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.labels import state_words, with_dispute_word
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import in_state, state_of, with_credited, with_dispute, with_state
from billing.money.labels import amount_cell
from billing.money.views.answers import pdf
from billing.money.views.lists import ListPage
from people.requests import ConsoleRequest

STATES = [
    ("open", gettext_lazy("to pay")),
    ("late", gettext_lazy("overdue")),
    ("payment_suspended", gettext_lazy("payment suspended")),
    ("paid", gettext_lazy("paid")),
    ("credited", pgettext_lazy("invoice", "credited")),
    ("written_off", pgettext_lazy("invoice", "written off")),
    ("disputed", gettext_lazy("disputed")),
    ("credit_note", gettext_lazy("credit notes")),
]


class InvoiceList(ListPage[Any]):
    """All invoices and credit notes."""

    permission = "invoices.write"
    template_name = "billing/invoicing/console/invoices.html"
    searched = ("number", "customer__name", "reference")
    sorts = {
        "number": "number",
        "customer": "customer__name",
        "issued": "issued_on",
        "due": "falls_due_on",
        "total": "gross_cents",
        "balance": "balance_cents",
    }
    first_sort = "-number"
    csv_name = "factures"

    def rows(self) -> QuerySet[Any]:
        """Return the documents with their balances."""
        return with_dispute(with_state(Invoice.objects.select_related("customer"), today=self.request.today))

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the documents in a state; states are counted, never stored."""
        return in_state(rows, state, today=self.request.today)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of invoices."""
        return STATES

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Issued on"),
            _("Due on"),
            _("Net"),
            _("VAT"),
            _("Total"),
            _("Left to pay"),
            _("Currency"),
            _("State"),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return an invoice's cells."""
        sign = -1 if row.is_credit_note else 1
        left = 0 if row.is_credit_note else row.balance_cents
        cents = (amount_cell(sign * value) for value in (row.net_cents, row.vat_cents, row.gross_cents, left))
        state = state_words(state_of(row, today=self.request.today))
        known = [row.number, row.customer.name, row.issued_on, row.falls_due_on]
        return [*known, *cents, row.currency, with_dispute_word(state, row)]


def found(invoice_id: UUID) -> Any:
    """Return an invoice with its balance, or answer that there is none."""
    rows = with_dispute(with_credited(Invoice.objects.select_related("customer", "order", "corrects")))
    return get_object_or_404(rows, pk=invoice_id)


class InvoicePdf(View):
    """An invoice on paper."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, invoice_id: UUID) -> HttpResponse:
        """Return the PDF."""
        invoice = found(invoice_id)
        return pdf(invoice_pdf(invoice), invoice.number)
