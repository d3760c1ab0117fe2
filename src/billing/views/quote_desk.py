"""The desk where a quote is written."""

from __future__ import annotations

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

from billing.actions.write_quote import AlreadySent, NoLines, SiteNeeded, rewrite_quote, write_quote
from billing.forms.quotes import LineFormSet, QuoteForm
from billing.gateways.rate_tables import standard_vat
from billing.models import Price, PriceList, Product, QuoteVersion
from billing.models.lines import LineKind
from billing.policy.methods import MethodRefused, cheque_fee
from billing.policy.rates import UnknownRate
from billing.policy.vat import totals
from billing.views.answers import done, problem
from tenants.models import Customer

VALID = timedelta(days=30)


class QuoteDesk(View):
    """The desk where a quote is written: products, quantities, method, live totals."""

    right = "quotes.write"
    version: QuoteVersion | None = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the desk, after the customer was chosen."""
        customer = self._customer(request)
        if customer is None:
            return render(request, "billing/console/quote_for.html", {"customers": Customer.objects.all()[:500]})
        form = QuoteForm(customer=customer, initial=self._initial(request, customer))
        return self._page(
            request, customer, form, LineFormSet(initial=self._lines(), prefix="lines", form_kwargs=_known(request))
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save the quote; or add, remove or count lines and show the desk again, nothing typed being lost."""
        customer = self._customer(request)
        if customer is None:
            return redirect("billing:quotes")
        form = QuoteForm(request.POST, customer=customer)
        sheet = LineFormSet(request.POST, prefix="lines", form_kwargs=_known(request))
        act = request.POST.get("act", "save")
        if act != "save":
            return self._page(
                request, customer, QuoteForm(customer=customer, initial=_typed(request)), _changed(sheet, act, request)
            )
        if not (form.is_valid() & sheet.is_valid()):
            return self._page(request, customer, form, sheet)
        return self._save(request, customer, form, sheet)

    def _save(self, request: Any, customer: Customer, form: QuoteForm, sheet: Any) -> HttpResponse:
        draft = form.draft([each.line(form.cleaned_data["language"]) for each in sheet])
        told = {"draft": draft, "by": request.person, "now": timezone.now(), "today": request.today}
        try:
            version = rewrite_quote(version_id=self.version.pk, **told) if self.version else write_quote(**told)
        except AlreadySent:
            return problem(request, _("This version was sent meanwhile. Make a new version."), "billing:quotes")
        except (MethodRefused, NoLines, SiteNeeded, UnknownRate) as refused:
            form.add_error(*_refusal(refused))
            return self._page(request, customer, form, sheet)
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
                "contact": customer.contacts.first(), "language": customer.language, "site_name": customer.name,
                "site_slug": slugify(customer.name)[:40].strip("-"), "valid_until": request.today + VALID,
            }  # fmt: skip
        names = ("method", "valid_until", "payment_days", "term_months", "language", "note")
        site, version = self.version.sites.first(), self.version
        return {name: getattr(version, name) for name in names} | {
            "contact": version.quote.contact_id,
            "delivery": version.buyer.get("delivery", ""),
            "site_name": site.name if site else "",
            "site_slug": site.slug if site else "",
        }

    def _lines(self) -> list[dict[str, Any]]:
        if self.version is None:
            return []
        lines = self.version.lines.exclude(kind=LineKind.CHEQUE_FEE)
        return [
            {"product": line.product_id, "description": line.description, "quantity": line.quantity,
             "unit_net": line.unit_net_cents} for line in lines
        ]  # fmt: skip

    def _page(self, request: Any, customer: Customer, form: QuoteForm, sheet: Any) -> HttpResponse:
        method = form["method"].value() or "cheque"
        context = {
            "form": form, "sheet": sheet, "customer": customer, "version": self.version,
            "totals": _totals(sheet, customer, method, request.today), "products": Product.objects.filter(is_sold=True),
        }  # fmt: skip
        status = 422 if form.errors or (sheet.is_bound and not sheet.is_valid()) else 200
        return render(request, "billing/console/quote_desk.html", context, status=status)


class QuoteRewrite(QuoteDesk):
    """The desk of a draft that is there already."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Find the draft; a version that was sent is read, not written."""
        rows = QuoteVersion.objects.select_related("quote__customer")
        self.version = get_object_or_404(rows, pk=kwargs["version_id"])
        if not self.version.is_draft:
            return redirect("billing:quote", self.version.pk)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


def _known(request: Any) -> dict[str, Any]:
    """Return the prices in force, by product."""
    prices = PriceList.objects.in_force(request.today).filter(currency="EUR").first()
    rows = Price.objects.filter(price_list=prices) if prices else Price.objects.none()
    return {"prices": {price.product_id: price for price in rows}}


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed, to show it again without judging it yet."""
    return {name: request.POST.get(name, "") for name in QuoteForm.base_fields}


def _changed(sheet: Any, act: str, request: HttpRequest) -> Any:
    """Return the lines with one more, one less, or their prices filled in."""
    known, rows = _known(request), []
    for n, each in enumerate(sheet.forms):
        if act == f"remove-{n}":
            continue
        row = {name: each[name].value() for name in ("product", "description", "quantity", "unit_net")}
        if each.is_valid() and not row["unit_net"]:
            row["unit_net"] = each.cleaned_data["unit_net"]
        rows.append(row)
    if act == "add":
        rows.append({"quantity": 1})
    return LineFormSet(initial=rows, prefix="lines", form_kwargs=known)


def _totals(sheet: Any, customer: Customer, method: str, today: Any) -> dict[str, Any] | None:
    """Return what the lines that can be read add up to, the cheque's fee included."""
    try:
        rate = standard_vat(country=customer.country, subdivision=customer.subdivision or None, on=today)
    except UnknownRate:
        return None
    lines = [(cents, rate) for each in sheet.forms if (cents := _net(each)) is not None]
    fee = cheque_fee(method, rate_pct=rate)
    if fee:
        lines.append((fee.net_cents, rate))
    return {"all": totals(lines), "fee_cents": fee.net_cents if fee else 0, "rate": rate}


def _net(each: Any) -> int | None:
    """Return a line's amount, or None while it can't be read."""
    try:
        cents = each.fields["unit_net"].clean(each.fields["unit_net"].prepare_value(each["unit_net"].value()) or "")
        quantity = each.fields["quantity"].clean(each["quantity"].value())
    except (ValidationError, TypeError):  # typed wrong: it counts for nothing yet
        return None
    return None if cents is None else cents * quantity


def _refusal(error: Exception) -> tuple[str | None, str]:
    if isinstance(error, MethodRefused):
        if error.min_users:
            return "method", _("A cheque is taken from %(users)d users on.") % {"users": error.min_users}
        return "method", _("One of these products isn’t sold this way.")
    if isinstance(error, SiteNeeded):
        return "site_name", _("Say which school or organisation the subscription opens, and its address.")
    if isinstance(error, UnknownRate):
        return None, _("The VAT of this customer’s country isn’t in the table of rates: %(why)s") % {"why": error}
    return None, _("Add at least one line.")
