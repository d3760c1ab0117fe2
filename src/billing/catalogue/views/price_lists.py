"""Finance's pages about price lists: dated, copied, never edited once in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from audit.queries import history
from billing.catalogue.actions.write_price_list import (
    DayTaken,
    ListInForce,
    TooEarly,
    copy_price_list,
    drop_price_list,
    put_prices,
)
from billing.catalogue.forms.catalogue import ListForm, NewListForm, PriceSheet
from billing.catalogue.models import PriceList
from billing.money.views.answers import done, problem
from billing.money.views.lists import ListPage
from people.requests import ConsoleRequest

STATES = [
    ("in_force", gettext_lazy("in force")),
    ("to_come", gettext_lazy("to come")),
    ("over", gettext_lazy("over")),
]


class PriceListList(ListPage[Any]):
    """All price lists."""

    permission = "quotes.write"
    template_name = "billing/catalogue/console/price_lists.html"
    searched = ("name", "currency")
    sorts = {"name": "name", "currency": "currency", "from": "starts_on"}
    first_sort = "-from"
    csv_name = "tarifs"

    def rows(self) -> QuerySet[Any]:
        """Return the lists."""
        return PriceList.objects.annotate(price_count=Count("prices"))

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the lists in a state."""
        today = self.request.today
        if state == "in_force":
            return rows.in_force(today)  # type: ignore[attr-defined,no-any-return]
        return rows.filter(starts_on__gt=today) if state == "to_come" else rows.filter(ends_on__lte=today)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states to filter by."""
        return STATES

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [_("Name"), _("Currency"), _("In force from"), _("Until"), _("Prices")]

    def line(self, row: Any) -> Iterable[Any]:
        """Return a list's cells."""
        return [row.name, row.currency, row.starts_on, row.ends_on, row.price_count]


class NewPriceList(View):
    """Copy a list into a new one, from a day to come on."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Return the form, the list in force chosen."""
        source = PriceList.objects.in_force(request.today).filter(currency="EUR").first()
        wanted = request.GET.get("from", "")
        source = PriceList.objects.filter(pk=wanted).first() if _is_uuid(wanted) else source
        initial = {
            "source": source,
            "currency": source.currency if source else "EUR",
            "starts_on": request.today + timedelta(days=30),
        }
        return self._page(request, NewListForm(initial=initial))

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Make it, or say what is wrong."""
        form = NewListForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        try:
            made = copy_price_list(
                **form.cleaned_data, by=request.person, now=timezone.now(), today=request.today
            )
        except TooEarly:
            form.add_error("starts_on", _("A list starts on a day to come: prices never change backwards."))
        except DayTaken:
            form.add_error("starts_on", _("Another list in this currency starts that day."))
        else:
            return done(
                request, _("Copied. Change its prices before it starts."), "billing:price_list", made.pk
            )
        return self._page(request, form)

    def _page(self, request: ConsoleRequest, form: NewListForm) -> HttpResponse:
        return render(
            request,
            "billing/catalogue/console/price_list_new.html",
            {"form": form},
            status=422 if form.errors else 200,
        )


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


class PriceListPage(View):
    """One list: read while it holds or is over, written while it is to come."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, price_list_id: UUID) -> HttpResponse:
        """Return the page."""
        held = get_object_or_404(PriceList, pk=price_list_id)
        rows = [
            {
                "product": each.product_id,
                "term_months": each.term_months,
                "from_quantity": each.from_quantity,
                "net": each.net_cents,
                "gross": each.gross_cents,
                "tax_key": each.tax_key,
            }
            for each in held.prices.all()
        ]
        form = ListForm(
            initial={"delivery": held.delivery_net_cents, "free_from": held.free_delivery_from_cents}
        )
        return self._page(request, held, form, PriceSheet(initial=[*rows, {}], prefix="prices"))

    def post(self, request: ConsoleRequest, price_list_id: UUID) -> HttpResponse:
        """Keep the prices, or give one more line, or say what is wrong."""
        held = get_object_or_404(PriceList, pk=price_list_id)
        form = ListForm(request.POST)
        sheet = PriceSheet(request.POST, prefix="prices")
        if request.POST.get("act") == "add":
            typed = [{name: each[name].value() for name in each.fields} for each in sheet.forms]
            known = ListForm(initial={name: form[name].value() for name in form.fields})
            return self._page(request, held, known, PriceSheet(initial=[*typed, {}], prefix="prices"))
        if not (form.is_valid() & sheet.is_valid()):
            return self._page(request, held, form, sheet)
        rows = [row for each in sheet.forms if (row := each.row())]
        data = form.cleaned_data
        try:
            put_prices(
                price_list_id=held.pk,
                rows=rows,
                delivery_net_cents=data["delivery"] or 0,
                free_from_cents=data["free_from"],
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except ListInForce:
            return problem(
                request, _("This list is in force: copy it into a new one."), "billing:price_list", held.pk
            )
        return done(request, _("The prices are kept."), "billing:price_list", held.pk)

    def _page(self, request: ConsoleRequest, held: PriceList, form: ListForm, sheet: Any) -> HttpResponse:
        context = {
            "price_list": held,
            "form": form,
            "sheet": sheet,
            "judged": [form, sheet],
            "editable": held.is_editable(request.today),
            "prices": held.prices.select_related("product"),
            "today": request.today,
            "entries": history(on=held.pk),
        }
        wrong = form.errors or (sheet.is_bound and not sheet.is_valid())
        return render(
            request, "billing/catalogue/console/price_list.html", context, status=422 if wrong else 200
        )


class DropPriceList(View):
    """Take away a list that is still to come."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, price_list_id: UUID) -> HttpResponse:
        """Return the list, where the act is."""
        return PriceListPage().get(request, price_list_id)

    def post(self, request: ConsoleRequest, price_list_id: UUID) -> HttpResponse:
        """Drop it, or say why not."""
        held = get_object_or_404(PriceList, pk=price_list_id)
        try:
            drop_price_list(price_list_id=held.pk, by=request.person, now=timezone.now(), today=request.today)
        except ListInForce:
            return problem(
                request, _("This list is in force: copy it into a new one."), "billing:price_list", held.pk
            )
        return done(request, _("Taken away. The list before it goes on."), "billing:price_lists")
