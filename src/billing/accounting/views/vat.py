"""The accountant's page of the VAT that falls due: how much, where, and what each figure came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.accounting.forms.accounting import PeriodForm
from billing.accounting.labels import due_words, nature_name, tax_words
from billing.accounting.policy.vat_due import Part
from billing.accounting.queries.vat_due import Told, vat_due
from billing.money.gateways.seller import seller_on
from billing.money.labels import amount_cell
from exports.gateways.csv import csv_response
from people.requests import ConsoleRequest


@dataclass(frozen=True, slots=True)
class Row:
    """What falls due in a month of one kind of sale, and all it came from."""

    key: str
    month: date
    currency: str
    part: Part
    told: tuple[Told, ...]

    @property
    def base_cents(self) -> int:
        """Return the base, in cents."""
        return sum(each.due.base_cents for each in self.told)

    @property
    def vat_cents(self) -> int:
        """Return the VAT, in cents."""
        return sum(each.due.vat_cents for each in self.told)


def rows_of(told: Iterable[Told]) -> list[Row]:
    """Return the figures of a period: by month, currency, country, rate, reason, goods or services."""
    found: dict[tuple[Any, ...], list[Told]] = {}
    for each in told:
        part = each.due.part
        rank = (part.rate_pct is None, -(part.rate_pct or Decimal(0)))
        key = (
            each.month,
            each.invoice.currency,
            part.country,
            *rank,
            part.category,
            part.reason,
            part.nature,
        )
        found.setdefault(key, []).append(each)
    return [
        Row(str(n), key[0], key[1], known[0].due.part, tuple(known))
        for n, (key, known) in enumerate(sorted(found.items(), key=lambda item: item[0]), start=1)
    ]


class VatDue(View):
    """What VAT falls due in a period, on payments or on debits as was chosen.

    Each figure leads to its documents.
    """

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page, one figure's documents when asked for, or all of them as CSV.

        This month at first.
        """
        asked = request.GET if "starts_on" in request.GET else None
        form = PeriodForm(asked or {"starts_on": request.today.replace(day=1), "ends_on": request.today})
        if not form.is_valid():
            return render(
                request, "billing/accounting/console/vat_due.html", {"form": form, "tab": "vat"}, status=422
            )
        told = vat_due(**form.cleaned_data)
        if request.GET.get("format") == "csv":
            return csv_response("tva-exigible", header(), map(line, told))
        rows = rows_of(told)
        context = {
            "form": form,
            "rows": rows,
            "tab": "vat",
            "totals": totals(rows),
            "opened": next((row for row in rows if row.key == request.GET.get("row")), None),
            "on_debits": seller_on(form.cleaned_data["ends_on"])["vat_on_debits"],
        }
        return render(request, "billing/accounting/console/vat_due.html", context)


def totals(rows: Iterable[Row]) -> list[tuple[date, str, int, int]]:
    """Return month, currency, base and VAT in cents: what is declared in all."""
    found: dict[tuple[date, str], tuple[int, int]] = {}
    for row in rows:
        base, vat = found.get((row.month, row.currency), (0, 0))
        found[row.month, row.currency] = (base + row.base_cents, vat + row.vat_cents)
    return [(*key, *sums) for key, sums in sorted(found.items())]


def header() -> list[Any]:
    """Return the header of the CSV."""
    return [
        _("Day"),
        _("Invoice"),
        _("Customer"),
        _("Country"),
        _("Rate"),
        _("Taxed as"),
        _("Nature"),
        _("What happened"),
        _("Basis"),
        _("Base"),
        _("VAT"),
        _("Currency"),
    ]


def line(told: Told) -> list[Any]:
    """Return the cells of one figure's part."""
    due = told.due
    part = told.due.part
    basis = _("debits") if told.on_debits else _("payments")
    return [
        due.on,
        told.invoice.number,
        told.invoice.customer.name,
        part.country,
        part.rate_pct,
        tax_words(part),
        nature_name(part.nature),
        due_words(due),
        basis,
        amount_cell(due.base_cents),
        amount_cell(due.vat_cents),
        told.invoice.currency,
    ]
