"""The accountant's pages of closed periods."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.accounting.actions.close_period import NotClosable, NotTheLast, close_period, reopen_period
from billing.accounting.forms.accounting import CloseForm
from billing.accounting.policy.fec import file_name
from billing.accounting.queries.closing import closable, next_start
from billing.accounting.views.accounting import fec_response
from billing.money.forms.fields import ReasonForm
from billing.money.gateways.seller import seller
from billing.money.models import ClosedPeriod
from billing.money.queries.closed import first_open_on
from billing.money.views.answers import done, problem
from people.requests import ConsoleRequest


class Closings(View):
    """What is closed, and the month that can be closed next."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the page."""
        return self._page(request, CloseForm(ends=closable(request.today)))

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Close all that is open until the end of the month chosen."""
        form = CloseForm(request.POST, ends=closable(request.today))
        if not form.is_valid():
            return self._page(request, form)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            made = close_period(ends_on=form.cleaned_data["ends_on"], **details)
        except NotClosable:
            return problem(request, _("This month is closed already, or isn’t over."), "billing:closings")
        text = _("Closed. Nothing is dated before %(day)s any more.") % {"day": date_format(made.ends_on)}
        return done(request, text, "billing:closing", made.pk)

    def _page(self, request: ConsoleRequest, form: CloseForm) -> HttpResponse:
        context = {
            "form": form,
            "periods": ClosedPeriod.objects.defer("fec", "figures"),
            "tab": "closings",
            "first_open_on": first_open_on(),
            "next_start": next_start(),
            "closable": closable(request.today),
        }
        return render(
            request, "billing/accounting/console/closings.html", context, status=422 if form.errors else 200
        )


class Closing(View):
    """One closed period: its figures as they were, and the way to open the last one again."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, period_id: UUID) -> HttpResponse:
        """Return the page."""
        return self._page(request, _period(period_id), ReasonForm())

    def post(self, request: ConsoleRequest, period_id: UUID) -> HttpResponse:
        """Open it again, with the reason."""
        period = _period(period_id)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._page(request, period, form)
        reason = form.cleaned_data["reason"][:300]
        try:
            reopen_period(period_id=period.pk, reason=reason, by=request.person, now=timezone.now())
        except NotTheLast:
            text = _("Only the last closed period can be opened again: begin with that one.")
            return problem(request, text, "billing:closing", period.pk)
        text = _("Open again. Its figures and its file stay here as they were.")
        return done(request, text, "billing:closing", period.pk)

    def _page(self, request: ConsoleRequest, period: ClosedPeriod, form: ReasonForm) -> HttpResponse:
        last = ClosedPeriod.objects.active().order_by("-ends_on").first()
        context = {
            "period": period,
            "form": form,
            "tab": "closings",
            "is_last": last == period,
            "entries": history(on=period.pk),
        }
        return render(
            request, "billing/accounting/console/closing.html", context, status=422 if form.errors else 200
        )


class ClosedFec(View):
    """The file of entries of a closed period, as it was closed."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, period_id: UUID) -> HttpResponse:
        """Return the file."""
        period = _period(period_id)
        name = file_name(seller()["siret"].replace(" ", "")[:9], period.last_day)
        return fec_response(request, period.fec_text.decode(), name)


def _period(period_id: UUID) -> ClosedPeriod:
    return get_object_or_404(ClosedPeriod, pk=period_id)
