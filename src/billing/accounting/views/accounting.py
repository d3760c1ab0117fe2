"""The accountant's page: what a period adds up to, and the file French law wants of it."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.generic import View

from billing.accounting.forms.accounting import PeriodForm
from billing.accounting.policy.fec import balances, file_name, file_text
from billing.accounting.queries.accounting import pieces, without_rate
from billing.money.gateways.seller import seller
from people.requests import ConsoleRequest


def _period(request: ConsoleRequest) -> PeriodForm:
    today: date = request.today
    asked = request.GET if "starts_on" in request.GET else None
    return PeriodForm(asked or {"starts_on": today.replace(month=1, day=1), "ends_on": today})


class Accounting(View):
    """A period's accounts, side by side with their sums."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page; the year so far when no period is asked for."""
        form = _period(request)
        if not form.is_valid():
            return render(request, "billing/accounting/console/accounting.html", {"form": form}, status=422)
        found = pieces(**form.cleaned_data)
        rows = balances(found)
        context = {
            "form": form,
            "rows": rows,
            "entries": len(found),
            "debit_cents": sum(row.debit_cents for row in rows),
            "credit_cents": sum(row.credit_cents for row in rows),
            "without_rate": without_rate(**form.cleaned_data),
            **form.cleaned_data,
        }
        return render(request, "billing/accounting/console/accounting.html", context)


class Fec(View):
    """The file of accounting entries of a period."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the file, or the page that says what is wrong with the period."""
        form = _period(request)
        if not form.is_valid():
            return render(request, "billing/accounting/console/accounting.html", {"form": form}, status=422)
        ends_on = form.cleaned_data["ends_on"]
        text = file_text(pieces(**form.cleaned_data), valid_on=ends_on)
        response = HttpResponse(text.encode(), content_type="text/plain; charset=utf-8")
        name = file_name(seller()["siret"].replace(" ", "")[:9], ends_on)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "private, no-store"
        return response
