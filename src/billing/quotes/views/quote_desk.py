"""The desk where a quote is written."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.catalogue.actions.price_lines import price_lines
from billing.catalogue.models.lines import LineKind, totals_of
from billing.catalogue.policy.discount import Discount
from billing.catalogue.policy.methods import CHEQUE
from billing.catalogue.policy.prices import EURO, currency_for
from billing.catalogue.queries.catalogue import price_book
from billing.customers.forms.delivery import delivery_initial
from billing.customers.policy.clients import PurchaseCapacity
from billing.money.views.answers import done, problem
from billing.quotes.actions.write_quote import AlreadySent, objections, rewrite_quote, write_quote
from billing.quotes.forms.desk import changed, read, rows_of, say_sites_left_empty, sheets
from billing.quotes.forms.quote_copy import discount_of, lines_of, shipping_of, sites_of
from billing.quotes.forms.quotes import LineFormSet, QuoteForm, SiteFormSet
from billing.quotes.models import QuoteVersion
from billing.quotes.policy.validity import VALID_FOR
from billing.quotes.views.desk_errors import add_refusals, in_page_order
from billing.quotes.views.error_messages import REFUSED, UNPRICED, error_message
from people.requests import ConsoleRequest
from tenants.models import Customer

CUSTOMERS_A_PAGE = 50


def _to_choose(request: HttpRequest) -> dict[str, Any]:
    """Return a page of the customers a quote may be for, those that are searched for."""
    rows = Customer.objects.order_by("name", "pk")
    for word in request.GET.get("q", "").split():
        named = Q(name__unaccent__icontains=word) | Q(city__unaccent__icontains=word)
        rows = rows.filter(named | Q(siren__startswith=word))
    page = Paginator(rows, CUSTOMERS_A_PAGE).get_page(request.GET.get("page"))
    return {"customers": page.object_list, "page_obj": page}


class QuoteDesk(View):
    """The desk where a quote is written: sites, products, quantities, method, live totals."""

    permission = "quotes.write"
    version: QuoteVersion | None = None

    def get(self, request: ConsoleRequest, **kwargs: Any) -> HttpResponse:
        """Return the desk, after the customer was chosen."""
        customer = self._customer(request)
        if customer is None:
            return render(request, "billing/quotes/console/quote_for.html", _to_choose(request))
        sites = sites_of(self.version) if self.version else [_first_site(customer)]
        lines = lines_of(self.version) if self.version else []
        form = QuoteForm(customer=customer, initial=self._initial(request, customer))
        return self._page(request, customer, form, *sheets(sites, lines, _known(form, request.today)))

    def post(self, request: ConsoleRequest, **kwargs: Any) -> HttpResponse:
        """Save the quote; or add, remove or count lines and show the desk again, nothing typed being lost."""
        customer = self._customer(request)
        if customer is None:
            return redirect("billing:quotes")
        form = QuoteForm(request.POST, customer=customer)
        typed = QuoteForm(customer=customer, initial=_typed(request))
        known = _known(typed, request.today)
        sites = SiteFormSet(request.POST, prefix="sites")
        sheet = LineFormSet(request.POST, prefix="lines", form_kwargs=known | {"sites": _names(sites)})
        act = request.POST.get("act", "save")
        if act not in {"save", "judge"}:
            return self._page(request, customer, typed, *changed(sites, sheet, act, known))
        if not _judge(form, sites, sheet, request.today):
            return self._page(request, customer, form, sites, sheet)
        return self._counted_or_saved(request, form, sites, sheet, keep=act == "save")

    def _counted_or_saved(
        self, request: ConsoleRequest, form: QuoteForm, sites: Any, sheet: Any, *, keep: bool
    ) -> HttpResponse:
        """Save the quote; or only try to, and show the desk again with what it comes to."""
        try:
            with transaction.atomic():
                version = self._kept(request, form, sites, sheet)
                transaction.set_rollback(not keep)
        except AlreadySent:
            return problem(
                request, _("This version was sent meanwhile. Make a new version."), "billing:quotes"
            )
        except REFUSED as refused:
            add_refusals([refused], form=form, sites=sites, sheet=sheet)
            keep = False
        if not keep:
            return self._page(request, form.customer, form, sites, sheet)
        text = _("The quote %(number)s is saved.") % {"number": version.label}
        return done(request, text, "billing:quote", version.pk)

    def _kept(self, request: ConsoleRequest, form: QuoteForm, sites: Any, sheet: Any) -> QuoteVersion:
        """Return the quote, kept. Raises AlreadySent, and REFUSED."""
        details: dict[str, Any] = {
            "draft": form.draft(*rows_of(sites, sheet, form.cleaned_data["language"])),
            "by": request.person,
            "now": timezone.now(),
            "today": request.today,
        }
        if self.version:
            return rewrite_quote(version_id=self.version.pk, **details)
        return write_quote(**details)

    def _customer(self, request: ConsoleRequest) -> Customer | None:
        if self.version is not None:
            return self.version.quote.customer
        try:
            wanted = UUID(request.GET.get("customer") or request.POST.get("customer", ""))
        except ValueError:
            return None
        return Customer.objects.filter(pk=wanted).first()

    def _initial(self, request: ConsoleRequest, customer: Customer) -> dict[str, Any]:
        if self.version is None:
            return {
                "contact": customer.contacts.speaking().first(),
                "language": customer.language,
                "method": _usual_method(customer),
                "valid_until": request.today + VALID_FOR,
                "currency": currency_for(customer.country),
            }
        names = (
            "method",
            "valid_until",
            "payment_days",
            "down_payment_pct",
            "extended_until",
            "term_months",
            "language",
            "employees",
            "deliver_by",
            "outside_main_activity",
            "warranty",
            "warranty_months",
            "note",
            "currency",
        )
        return {name: getattr(self.version, name) for name in names} | {
            "contact": self.version.quote.contact_id,
            "purchase_order_reference": self.version.buyer.get("engagement", ""),
            "discount": discount_of(self.version),
            "shipping": shipping_of(self.version),
            **delivery_initial(self.version.buyer.get("delivery"), country=customer.country),
        }

    def _page(
        self, request: ConsoleRequest, customer: Customer, form: QuoteForm, sites: Any, sheet: Any
    ) -> HttpResponse:
        context = {
            "form": form,
            "sites": sites,
            "sheet": sheet,
            "judged": in_page_order(form, sites, sheet),
            "customer": customer,
            "version": self.version,
            "totals": _totals(form, sheet, customer, request.today),
            "asked": getattr(self.version, "request", None),
        }
        wrong = form.errors or any(each.is_bound and not each.is_valid() for each in (sites, sheet))
        return render(
            request, "billing/quotes/console/quote_desk.html", context, status=422 if wrong else 200
        )


class QuoteRewrite(QuoteDesk):
    """The desk of a draft that is there already."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the draft; a version that was sent is read, not written.

        An amendment has a desk of its own.
        """
        rows = QuoteVersion.objects.select_related("quote__customer", "request")
        self.version = get_object_or_404(rows, pk=kwargs["version_id"])
        if not self.version.is_draft:
            return redirect("billing:quote", self.version.pk)
        if self.version.is_amendment:
            return redirect("billing:amendment_edit", self.version.pk)
        return super().dispatch(request, *args, **kwargs)


def _first_site(customer: Customer) -> dict[str, Any]:
    return {"name": customer.name, "slug": slugify(customer.name)[:40].strip("-")}


def _usual_method(customer: Customer) -> str:
    return CHEQUE if currency_for(customer.country) == EURO else "transfer"


def _currency(form: QuoteForm) -> str:
    """Return the currency chosen, else the customer's own."""
    own = currency_for(form.customer.country)
    return EURO if own == EURO or form["currency"].value() == EURO else own


def _known(form: QuoteForm, today: date) -> dict[str, Any]:
    """Return the prices of the day in the currency chosen, and the term chosen."""
    book = price_book(today, currency=_currency(form), customer=form.customer)
    return {"book": book, "term_months": _clean(form, "term_months") or 0}


def _names(sites: Any) -> list[str]:
    return [each["name"].value() or "" for each in sites.forms]


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed, to show it again without judging it yet."""
    return {name: request.POST.get(name, "") for name in QuoteForm.base_fields}


def _judge(form: QuoteForm, sites: Any, sheet: Any, today: date) -> bool:
    """Return whether fields and rules have nothing against the desk; all they have is said at its field."""
    say_sites_left_empty(sites, sheet)
    rows_known = sites.is_valid() & all(each.is_sold_known for each in sheet.forms)
    form.is_valid()
    draft = form.draft(*rows_of(sites, sheet, form.data.get("language", "fr")))
    refused = objections(draft, today=today, rows_known=rows_known)
    if sheet.is_valid():
        refused += [why] if (why := _totals(form, sheet, form.customer, today).get("refused")) else []
    add_refusals(refused, form=form, sites=sites, sheet=sheet)
    return form.is_valid() and sites.is_valid() and sheet.is_valid()


def _totals(form: QuoteForm, sheet: Any, customer: Customer, today: date) -> dict[str, Any]:
    """Return what the lines that can be read add up to with discount and charges, or why that isn't known;
    and the ranks of those left out.
    """
    found = [(n, read(each)) for n, each in enumerate(sheet.forms, start=1) if not each.is_empty]
    left_out = [n for n, line in found if line is None]
    try:
        lines = price_lines(
            customer=customer,
            lines=[line for _n, line in found if line is not None],
            discount=_clean(form, "discount") or Discount(),
            shipping_cents=_clean(form, "shipping") or 0,
            method=form["method"].value() or "cheque",
            language="fr",
            today=today,
            delivery=form.delivery_typed(),
            currency=_currency(form),
            capacity=PurchaseCapacity(_clean(form, "employees"), bool(_clean(form, "outside_main_activity"))),
        )
        added = [line for line in lines if line.kind in {LineKind.SHIPPING, LineKind.CHEQUE_FEE}]
        added += [line for line in lines if line.kind == LineKind.DISCOUNT and line.product_id is None]
        return {"all": totals_of(lines), "added": added, "currency": _currency(form), "left_out": left_out}
    except UNPRICED as unknown:
        return {"refused": unknown, "why": error_message(unknown)[1], "left_out": left_out}


def _clean(form: QuoteForm, name: str) -> Any:
    """Return a field's value once cleaned, or None while it can't be read or isn't asked."""
    field = form.fields.get(name)
    if field is None:
        return None
    value = form[name].value()
    try:
        return value if isinstance(value, int | Discount) else field.clean(value or "")
    except ValidationError:
        return None
