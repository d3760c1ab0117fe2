"""The desk where a quote is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.actions.price_lines import LineDraft, price_lines
from billing.actions.write_quote import AlreadySent, rewrite_quote, write_quote
from billing.forms.again import discount_of, lines_of, shipping_of, sites_of
from billing.forms.delivery import delivery_initial
from billing.forms.quotes import LineFormSet, QuoteForm, SiteFormSet
from billing.models import Price, PriceList, QuoteVersion
from billing.models.lines import LineKind, totals_of
from billing.policy.discount import Discount, TooMuchDiscount
from billing.policy.rates import UnknownRate
from billing.policy.tax import MixedTreatments
from billing.views.answers import done, problem
from billing.views.refusals import REFUSED, refusal
from tenants.models import Customer

VALID = timedelta(days=30)
LINE = ("product", "description", "site", "quantity", "unit_net")
SITE = ("name", "slug", "admin_email")


class QuoteDesk(View):
    """The desk where a quote is written: sites, products, quantities, method, live totals."""

    right = "quotes.write"
    version: QuoteVersion | None = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the desk, after the customer was chosen."""
        customer = self._customer(request)
        if customer is None:
            return render(request, "billing/console/quote_for.html", {"customers": Customer.objects.all()[:500]})
        sites = sites_of(self.version) if self.version else [_first_site(customer)]
        lines = lines_of(self.version) if self.version else []
        form = QuoteForm(customer=customer, initial=self._initial(request, customer))
        return self._page(request, customer, form, *_sheets(request, sites, lines))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save the quote; or add, remove or count lines and show the desk again, nothing typed being lost."""
        customer = self._customer(request)
        if customer is None:
            return redirect("billing:quotes")
        sites = SiteFormSet(request.POST, prefix="sites")
        sheet = LineFormSet(request.POST, prefix="lines", form_kwargs=_known(request, _names(sites)))
        act = request.POST.get("act", "save")
        if act != "save":
            typed = QuoteForm(customer=customer, initial=_typed(request))
            return self._page(request, customer, typed, *_changed(request, sites, sheet, act))
        form = QuoteForm(request.POST, customer=customer)
        if not (form.is_valid() & sites.is_valid() & sheet.is_valid()):
            return self._page(request, customer, form, sites, sheet)
        return self._save(request, customer, form, sites, sheet)

    def _save(self, request: Any, customer: Customer, form: QuoteForm, sites: Any, sheet: Any) -> HttpResponse:
        lines = [each.line(form.cleaned_data["language"]) for each in sheet]
        draft = form.draft(*_without_empty(lines, [each.site() for each in sites]))
        told = {"draft": draft, "by": request.person, "now": timezone.now(), "today": request.today}
        try:
            version = rewrite_quote(version_id=self.version.pk, **told) if self.version else write_quote(**told)
        except AlreadySent:
            return problem(request, _("This version was sent meanwhile. Make a new version."), "billing:quotes")
        except REFUSED as refused:
            form.add_error(*refusal(refused))
            return self._page(request, customer, form, sites, sheet)
        return done(
            request, _("The quote %(number)s is saved.") % {"number": version.label}, "billing:quote", version.pk
        )

    def _customer(self, request: HttpRequest) -> Customer | None:
        if self.version is not None:
            return self.version.quote.customer
        try:
            wanted = UUID(request.GET.get("customer") or request.POST.get("customer", ""))
        except ValueError:
            return None
        return Customer.objects.filter(pk=wanted).first()

    def _initial(self, request: Any, customer: Customer) -> dict[str, Any]:
        if self.version is None:
            return {
                "contact": customer.contacts.first(), "language": customer.language, "method": "cheque",
                "valid_until": request.today + VALID,
            }  # fmt: skip
        names = ("method", "valid_until", "payment_days", "deposit_pct", "deferred_until", "term_months", "language", "warranty",
                 "note")  # fmt: skip
        return {name: getattr(self.version, name) for name in names} | {
            "contact": self.version.quote.contact_id,
            "engagement": self.version.buyer.get("engagement", ""),
            "discount": discount_of(self.version),
            "shipping": shipping_of(self.version),
            **delivery_initial(self.version.buyer.get("delivery"), country=customer.country),
        }

    def _page(self, request: Any, customer: Customer, form: QuoteForm, sites: Any, sheet: Any) -> HttpResponse:
        context = {
            "form": form, "sites": sites, "sheet": sheet, "customer": customer, "version": self.version,
            "totals": _totals(form, sheet, customer, request.today), "asked": getattr(self.version, "request", None),
        }  # fmt: skip
        wrong = form.errors or any(each.is_bound and not each.is_valid() for each in (sites, sheet))
        return render(request, "billing/console/quote_desk.html", context, status=422 if wrong else 200)


class QuoteRewrite(QuoteDesk):
    """The desk of a draft that is there already."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Find the draft; a version that was sent is read, not written; an amendment has a desk of its own."""
        rows = QuoteVersion.objects.select_related("quote__customer", "request")
        self.version = get_object_or_404(rows, pk=kwargs["version_id"])
        if not self.version.is_draft:
            return redirect("billing:quote", self.version.pk)
        if self.version.is_amendment:
            return redirect("billing:amendment_edit", self.version.pk)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


def _first_site(customer: Customer) -> dict[str, Any]:
    return {"name": customer.name, "slug": slugify(customer.name)[:40].strip("-")}


def _sheets(request: Any, sites: list[dict[str, Any]], lines: list[dict[str, Any]]) -> tuple[Any, Any]:
    """Return the two sheets, not judged: sites and lines."""
    known = _known(request, [site.get("name") or "" for site in sites])
    return SiteFormSet(initial=sites, prefix="sites"), LineFormSet(initial=lines, prefix="lines", form_kwargs=known)


def _known(request: Any, sites: list[str]) -> dict[str, Any]:
    """Return the prices in force, by product, and the names of the sites."""
    prices = PriceList.objects.in_force(request.today).filter(currency="EUR").first()
    rows = Price.objects.base().filter(price_list=prices) if prices else Price.objects.none()
    return {"prices": {price.product_id: price for price in rows}, "sites": sites}


def _names(sites: Any) -> list[str]:
    return [each["name"].value() or "" for each in sites.forms]


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed, to show it again without judging it yet."""
    return {name: request.POST.get(name, "") for name in QuoteForm.base_fields}


def _without_empty(lines: list[LineDraft], sites: list[Any]) -> tuple[list[LineDraft], list[Any]]:
    """Return the lines and the sites, those left empty taken out and the ranks following."""
    ranks = {old: new for new, old in enumerate(n for n, site in enumerate(sites) if site is not None)}
    moved = [replace(each, site=None if each.site is None else ranks.get(each.site)) for each in lines]
    return moved, [site for site in sites if site is not None]


def _changed(request: Any, sites: Any, sheet: Any, act: str) -> tuple[Any, Any]:
    """Return the sites and the lines with one more, one less, or a price from the list."""
    verb, _dash, rank = act.rpartition("-") if act[-1:].isdigit() else (act, "", "")
    at = int(rank) if rank else None
    places = [{name: each[name].value() for name in SITE} for each in sites.forms]
    rows = [_row(each, fill=not (verb == "price" and n == at)) for n, each in enumerate(sheet.forms)]
    if verb == "price" and at is not None and at < len(rows):
        rows[at]["unit_net"] = _list_price(request, rows[at]["product"])
    elif verb == "remove" and at is not None and at < len(rows) > 1:
        del rows[at]
    elif verb == "add":
        rows.append({"quantity": 1})
    elif verb == "site-add":
        places.append({})
        same = {name: rows[0].get(name) for name in ("product", "unit_net")} if rows else {}
        rows.append({"quantity": 1, "site": len(places) - 1} | same)
    elif verb == "site-remove" and at is not None and at < len(places) > 1:
        del places[at]
        rows = [_moved(row, at) for row in rows if str(row.get("site")) != str(at)] or [{"quantity": 1}]
    return _sheets(request, places, rows)


def _row(each: Any, *, fill: bool) -> dict[str, Any]:
    row = {name: each[name].value() for name in LINE if name in each.fields}
    if fill and not row["unit_net"] and each.is_valid():
        row["unit_net"] = each.cleaned_data["unit_net"]
    return row


def _moved(row: dict[str, Any], gone: int) -> dict[str, Any]:
    """Return a line whose site moved up because one before it went."""
    site = str(row.get("site") or "")
    return row | {"site": int(site) - 1} if site.isdigit() and int(site) > gone else row


def _list_price(request: Any, product: str) -> int | None:
    found = [price for key, price in _known(request, [])["prices"].items() if str(key) == str(product)]
    return found[0].net_cents if found else None


def _totals(form: QuoteForm, sheet: Any, customer: Customer, today: Any) -> dict[str, Any]:
    """Return what the lines that can be read add up to with discount and charges, or why that isn't known."""
    try:
        lines = price_lines(
            customer=customer, lines=[line for each in sheet.forms if (line := _read(each)) is not None],
            discount=_clean(form, "discount") or Discount(), shipping_cents=_clean(form, "shipping") or 0,
            method=form["method"].value() or "cheque", language="fr", today=today,
            delivery=form.delivery_typed(),
        )  # fmt: skip
        added = [line for line in lines if line.kind in {LineKind.SHIPPING, LineKind.CHEQUE_FEE}]
        added += [line for line in lines if line.kind == LineKind.DISCOUNT and line.product_id is None]
        return {"all": totals_of(lines), "added": added}
    except (UnknownRate, MixedTreatments, TooMuchDiscount) as unknown:
        return {"why": refusal(unknown)[1]}


def _clean(form: QuoteForm, name: str) -> Any:
    """Return a field's value once cleaned, or None while it can't be read."""
    field, value = form.fields[name], form[name].value()
    try:
        return value if isinstance(value, int | Discount) else field.clean(value or "")
    except ValidationError:
        return None


def _read(each: Any) -> LineDraft | None:
    """Return a line as far as it can be read, its list price standing in for the one left out."""
    fields = each.fields
    try:
        product = fields["product"].clean(each["product"].value())
        cents = fields["unit_net"].clean(fields["unit_net"].prepare_value(each["unit_net"].value()) or "")
        quantity = fields["quantity"].clean(each["quantity"].value())
    except (ValidationError, TypeError):  # typed wrong: it counts for nothing yet
        return None
    if cents is None and product is not None and product.pk in each.prices:
        cents = each.prices[product.pk].net_cents
    return None if cents is None else LineDraft(product.pk if product else None, "", quantity, cents)
