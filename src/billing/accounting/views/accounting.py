"""The accountant's page: what a period adds up to, and the file French law wants of it."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.generic import View

from billing.accounting.forms.accounting import PeriodForm
from billing.accounting.gateways.chart import chart
from billing.accounting.policy.fec import ENCODINGS, encoded, file_name, file_text
from billing.accounting.queries.ledger import balances, entries_in, fec_rows, waiting_in, without_rate
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
        period: dict[str, date] = form.cleaned_data
        rows = balances(chart(), **period)
        context = {
            "form": form,
            "rows": rows,
            "entries": entries_in(**period),
            "waiting": waiting_in(**period),
            "strange": encoded(file_text(fec_rows(chart(), **period)), "iso")[1],
            "debit_cents": sum(row.debit_cents for row in rows),
            "credit_cents": sum(row.credit_cents for row in rows),
            "without_rate": without_rate(**period),
            **period,
        }
        return render(request, "billing/accounting/console/accounting.html", context)


class Fec(View):
    """The file of the validated entries of a period."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the file, or the page that says what is wrong with the period.

        In ISO 8859-15, as the law wants it, or in UTF-8 (`encoding=utf-8`).
        """
        form = _period(request)
        if not form.is_valid():
            return render(request, "billing/accounting/console/accounting.html", {"form": form}, status=422)
        ends_on = form.cleaned_data["ends_on"]
        name = file_name(seller()["siret"].replace(" ", "")[:9], ends_on)
        return fec_response(request, file_text(fec_rows(chart(), **form.cleaned_data)), name)


def fec_response(request: ConsoleRequest, text: str, name: str) -> HttpResponse:
    """Return a file of entries to be saved, in the encoding that was asked for."""
    wanted = request.GET.get("encoding", "")
    encoding = wanted if wanted in ENCODINGS else "iso"
    content, _strange = encoded(text, encoding)
    charset = ENCODINGS[encoding]
    response = HttpResponse(content, content_type=f"text/plain; charset={charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
