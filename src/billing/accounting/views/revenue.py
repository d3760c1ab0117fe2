"""Finance's pages of what was sold, what comes again, and what is invoiced and not served yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.accounting.forms.accounting import DayAskedForm
from billing.accounting.labels import RENEWALS, kind_name
from billing.accounting.policy.revenue import KINDS, schedule, scheduled
from billing.accounting.queries.deferred import DeferredLine, deferred_lines
from billing.accounting.queries.revenue import Month, Renewal, invoiced, recurring_by_currency, renewals
from billing.money.labels import amount_cell
from billing.money.policy.calendar_months import subtract_months
from billing.money.policy.periods import month_of, months
from exports.gateways.csv import csv_response
from people.requests import ConsoleRequest

TONES = {"subscription": "accent", "goods": "2", "service": "1", "fees": "rest", "discount": "wait"}

SHOWN_MONTHS = 12


class Revenue(View):
    """A year of revenue by kind, what recurs, and what renews in the year to come.

    Each currency by itself.
    """

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page, or one of its tables as CSV."""
        today: date = request.today
        first = subtract_months(month_of(today), SHOWN_MONTHS - 1)
        sold = invoiced(first=first, last=today)
        coming = renewals(today)
        recurs = recurring_by_currency(first=first, last=today)
        if request.GET.get("format") == "csv":
            return _as_csv(request.GET.get("what", ""), sold, recurs, coming)
        currencies = [
            {
                "currency": currency,
                "columns": _columns(sold.get(currency, []), months(first, today)),
                "total_cents": sum(month.total_cents for month in sold.get(currency, [])),
                "recurring": recurs.get(currency, []),
                "mrr": [
                    (row.month, [(_("MRR"), row.mrr_cents, "accent")]) for row in recurs.get(currency, [])
                ],
                "last": next(iter(recurs.get(currency, [])[-1:]), None),
                "to_come_cents": sum(
                    each.cents for each in coming if each.currency == currency and each.goes_on
                ),
                "to_end_cents": sum(
                    each.cents for each in coming if each.currency == currency and not each.goes_on
                ),
            }
            for currency in sorted({*sold, *recurs})
        ]
        context = {"tab": "revenue", "currencies": currencies, "renewals": coming, "today": today}
        return render(request, "billing/accounting/console/revenue.html", context)


def _columns(rows: Iterable[Month], shown: Iterable[date]) -> list[tuple[date, list[tuple[str, int, str]]]]:
    known = {row.month: row.cents for row in rows}
    used = [kind for kind in KINDS if any(cents.get(kind) for cents in known.values())]
    return [
        (month, [(kind_name(kind), known.get(month, {}).get(kind, 0), TONES[kind]) for kind in used])
        for month in shown
    ]


def _as_csv(what: str, sold: dict[str, list[Month]], recurs: Any, coming: list[Renewal]) -> HttpResponse:
    if what == "renewals":
        header = [_("Renews on"), _("Customer"), _("Product"), _("Amount"), _("Currency"), _("State")]
        return csv_response("renouvellements", header, map(_renewal_cells, coming))
    if what == "recurring":
        header = [_("Month"), _("Currency"), _("MRR"), _("ARR"), _("Won"), _("Lost"), _("Grown"), _("Shrunk")]
        rows = (
            [
                row.month,
                currency,
                *map(
                    amount_cell,
                    (
                        row.mrr_cents,
                        row.arr_cents,
                        row.new_cents,
                        row.churned_cents,
                        row.expansion_cents,
                        row.contraction_cents,
                    ),
                ),
            ]
            for currency, known in recurs.items()
            for row in known
        )
        return csv_response("recurrent", header, rows)
    header = [_("Month"), _("Currency"), *(kind_name(kind) for kind in KINDS), _("In all")]
    rows = (
        [
            row.month,
            currency,
            *(amount_cell(row.cents[kind]) for kind in KINDS),
            amount_cell(row.total_cents),
        ]
        for currency, known in sold.items()
        for row in known
    )
    return csv_response("chiffre-d-affaires", header, rows)


def _renewal_cells(each: Renewal) -> list[Any]:
    names = (each.subscription.customer.name, each.subscription.product.name("fr"))
    return [each.on, *names, amount_cell(each.cents), each.currency, str(RENEWALS[each.state][0])]


class Deferred(View):
    """What is invoiced and not served yet when a day ends, and in which months it will be."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page, or each line with its months as CSV; today when no day is asked for."""
        form = DayAskedForm(request.GET if "on" in request.GET else {"on": request.today})
        if not form.is_valid():
            return render(
                request,
                "billing/accounting/console/deferred.html",
                {"form": form, "tab": "deferred"},
                status=422,
            )
        on = form.cleaned_data["on"]
        lines = deferred_lines(on)
        if request.GET.get("format") == "csv":
            return csv_response("produits-constates-d-avance", _header(), _cells(lines, on))
        currencies = [
            {
                "currency": currency,
                "total_cents": sum(
                    each.deferred_cents for each in lines if each.line.invoice.currency == currency
                ),
                "months": list(
                    scheduled((e.served for e in lines if e.line.invoice.currency == currency), on).items()
                ),
            }
            for currency in sorted({each.line.invoice.currency for each in lines})
        ]
        context = {"form": form, "tab": "deferred", "on": on, "lines": lines, "currencies": currencies}
        return render(request, "billing/accounting/console/deferred.html", context)


def _header() -> list[Any]:
    return [
        _("Invoice"),
        _("Customer"),
        _("Line"),
        _("From"),
        _("Until (excluded)"),
        _("Net"),
        _("Served"),
        _("Deferred"),
        _("Month"),
        _("Served that month"),
        _("Currency"),
    ]


def _cells(lines: Iterable[DeferredLine], on: date) -> Iterable[list[Any]]:
    for each in lines:
        served = each.served
        invoice = each.line.invoice
        sums = map(amount_cell, (served.net_cents, each.recognised_cents, each.deferred_cents))
        told: list[Any] = [
            invoice.number,
            invoice.customer.name,
            each.line.description,
            served.starts_on,
            served.ends_on,
            *sums,
        ]
        for month, cents in schedule(served, on).items():
            yield [*told, f"{month:%Y-%m}" if month else "", amount_cell(cents), invoice.currency]
            told = [invoice.number, *[""] * 7]
