"""Finance's pages about what is sold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.catalogue.actions.move_stock import NotThatMany, move_stock
from billing.catalogue.actions.phase_out_product import PhasedOutAlready, phase_out_product
from billing.catalogue.actions.publish_requirements import publish_requirements
from billing.catalogue.actions.run_promotion import NotLower, Overlaps, run_promotion
from billing.catalogue.actions.save_product import FeaturesLost, save_product
from billing.catalogue.forms.catalogue import (
    PhaseoutForm,
    ProductForm,
    PromotionForm,
    RequirementsForm,
    StockForm,
)
from billing.catalogue.labels import product_kind
from billing.catalogue.models import Price, Product
from billing.catalogue.policy.catalogue import TooSoon, lost_features
from billing.catalogue.queries.catalogue import list_in_force
from billing.catalogue.queries.promised import promised_features
from billing.money.labels import amount_cell
from billing.money.views.answers import done
from billing.money.views.lists import ListPage
from contracts.labels import day_text
from contracts.templatetags.ui import money_text
from people.requests import ConsoleRequest

STATES = [
    ("sold", gettext_lazy("on sale")),
    ("goods", gettext_lazy("things")),
    ("off", gettext_lazy("not on sale")),
]


class ProductList(ListPage[Any]):
    """Everything on the catalogue, with its price of today."""

    permission = "quotes.write"
    template_name = "billing/catalogue/console/products.html"
    searched = ("key", "name_fr", "name_en")
    sorts = {"name": "name_fr", "key": "key", "kind": "kind", "stock": "stock"}
    first_sort = "name"
    csv_name = "produits"

    def rows(self) -> QuerySet[Any]:
        """Return the products."""
        running = Count("subscriptions", filter=Q(subscriptions__ended_on=None))
        return Product.objects.select_related("phaseout", "option_of").annotate(running=running)

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the products in a state."""
        if state == "goods":
            return rows.filter(kind=Product.Kind.GOODS)
        sold = Product.objects.on_sale(self.request.today)
        return rows.filter(pk__in=sold) if state == "sold" else rows.exclude(pk__in=sold)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states to filter by."""
        return STATES

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Reference"),
            _("Name"),
            _("Kind"),
            _("Price excl. VAT"),
            _("Stock"),
            _("On sale"),
            _("Subscribers"),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return a product's cells."""
        price = self._prices().get(row.pk)
        amount = "" if price is None else amount_cell(price)
        return [
            row.key,
            row.name(get_language() or "fr"),
            product_kind(row.kind, is_option=row.option_of_id is not None),
            amount,
            row.stock,
            row.is_sold,
            row.running,
        ]

    def _prices(self) -> dict[Any, int]:
        if not hasattr(self, "_known"):
            rows = Price.objects.base().filter(price_list=list_in_force(self.request.today))
            self._known = dict(rows.values_list("product_id", "net_cents"))
        return self._known

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context, with the price of each product shown."""
        context = super().get_context_data(**kwargs)
        for row in context["page_obj"]:
            row.net_cents = self._prices().get(row.pk)
        return context


class EditProduct(View):
    """Write a product down, or change it."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, product_id: UUID | None = None) -> HttpResponse:
        """Return the form."""
        return self._page(request, ProductForm(instance=_or_none(product_id), today=request.today))

    def post(self, request: ConsoleRequest, product_id: UUID | None = None) -> HttpResponse:
        """Keep it, or say what is wrong."""
        form = ProductForm(request.POST, instance=_or_none(product_id), today=request.today)
        if not form.is_valid():
            return self._page(request, form)
        try:
            product = save_product(product=form.save(commit=False), by=request.person, now=timezone.now())
        except FeaturesLost as gone:
            for language, names in gone.lost.items():
                form.add_error(f"features_{language}", lost_text(names))
            return self._page(request, form)
        name = product.name(get_language() or "fr")
        return done(request, _("%(name)s is kept.") % {"name": name}, "billing:product", product.pk)

    def _page(self, request: ConsoleRequest, form: ProductForm) -> HttpResponse:
        known = None if form.instance._state.adding else Product.objects.get(pk=form.instance.pk)
        context = {"form": form, "product": known}
        return render(
            request,
            "billing/catalogue/console/product_edit.html",
            context,
            status=422 if form.errors else 200,
        )


def lost_text(names: Iterable[str]) -> str:
    """Return why a product can't lose these functions, and what to do."""
    text = _(
        "%(names)s was promised to clients who have it still: no update takes it away. Keep it, and sell "
        "what comes without it as another product."
    )
    return text % {"names": " · ".join(names)}


def _or_none(product_id: UUID | None) -> Product | None:
    return get_object_or_404(Product, pk=product_id) if product_id else None


class ProductPage(View):
    """One product: its prices, what it needs to run, its stock, its way off the market."""

    permission = "quotes.write"

    def get(self, request: ConsoleRequest, product_id: UUID) -> HttpResponse:
        """Return the page."""
        return page(request, get_object_or_404(Product, pk=product_id))


def page(request: ConsoleRequest, product: Product, **forms_in_use: forms.Form) -> HttpResponse:
    """Return a product's page, with the form that was filled in wrong."""
    language = get_language() or "fr"
    today = request.today
    promised = promised_features(product).get(language, [])
    context = {
        "product": product,
        "name": product.name(language),
        "features": product.features(language),
        "lost": lost_features(promised, [*product.features(language), product.name(language)]),
        "prices": product.prices.select_related("price_list").order_by(
            "-price_list__starts_on", "term_months", "from_quantity", "id"
        ),
        "promotions": product.promotions.all(),
        "requirements": [(each, each.text(language)) for each in product.requirements.all()],
        "phaseout": getattr(product, "phaseout", None),
        "moves": product.moves.select_related("order"),
        "subscribers": product.subscriptions.filter(ended_on=None).count(),
        "requirements_form": RequirementsForm(initial={"in_force_on": today}, prefix="requirements"),
        "promotion_form": PromotionForm(initial={"starts_on": today}, prefix="promotion"),
        "phaseout_form": PhaseoutForm(prefix="phaseout"),
        "stock_form": StockForm(prefix="stock"),
        "today": today,
        "entries": history(on=product.pk),
    }
    wrong = any(form.errors for form in forms_in_use.values())
    return render(
        request,
        "billing/catalogue/console/product.html",
        context | forms_in_use,
        status=422 if wrong else 200,
    )


class _OnProduct(View):
    """An act on a product, by a form on its page."""

    permission = "quotes.write"
    form_class: type[forms.Form]
    prefix = ""

    def get(self, request: ConsoleRequest, product_id: UUID) -> HttpResponse:
        """Return the product, where the form is."""
        return page(request, get_object_or_404(Product, pk=product_id))

    def post(self, request: ConsoleRequest, product_id: UUID) -> HttpResponse:
        """Do it, or say what is wrong."""
        product = get_object_or_404(Product, pk=product_id)
        form = self.form_class(request.POST, prefix=self.prefix)
        text = self.act(request, product, form) if form.is_valid() else None
        if text is None:
            return page(request, product, **{f"{self.prefix}_form": form})
        return done(request, text, "billing:product", product.pk)

    def act(self, request: ConsoleRequest, product: Product, form: Any) -> str | None:
        """Return what was done, None when the form says why it wasn't."""
        raise NotImplementedError


class PublishRequirements(_OnProduct):
    """Publish what a product needs to run."""

    form_class = RequirementsForm
    prefix = "requirements"

    def act(self, request: ConsoleRequest, product: Product, form: Any) -> str | None:
        """Publish the next version."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            made = publish_requirements(product=product, **form.cleaned_data, **details)
        except TooSoon as soon:
            day = day_text(soon.earliest)
            form.add_error("in_force_on", _("It holds from %(day)s at the earliest.") % {"day": day})
            return None
        return _("Version %(version)d is published.") % {"version": made.version}


class RunPromotion(_OnProduct):
    """Lower a price for a while."""

    form_class = PromotionForm
    prefix = "promotion"

    def act(self, request: ConsoleRequest, product: Product, form: Any) -> str | None:
        """Write the promotion."""
        data = form.cleaned_data
        names = ("name_fr", "name_en", "currency", "starts_on", "ends_on")
        chosen = {name: data[name] for name in names}
        try:
            run_promotion(
                product=product, net_cents=data["net"], by=request.person, now=timezone.now(), **chosen
            )
        except NotLower as high:
            text = _("The list has no price for it that day.")
            if high.list_cents is not None:
                text = _("The list price is %(price)s: write less.") % {
                    "price": money_text(high.list_cents, data["currency"])
                }
            form.add_error("net", text)
            return None
        except Overlaps:
            form.add_error("starts_on", _("Another promotion of this product runs on one of these days."))
            return None
        return _("The promotion is kept. Renewals keep the list price.")


class PhaseOut(_OnProduct):
    """Take a product off the market."""

    form_class = PhaseoutForm
    prefix = "phaseout"

    def act(self, request: ConsoleRequest, product: Product, form: Any) -> str | None:
        """Announce it."""
        details: dict[str, Any] = {"by": request.person, "now": timezone.now(), "today": request.today}
        try:
            phase_out_product(product=product, **form.cleaned_data, **details)
        except TooSoon as soon:
            text = _("Six months’ notice: %(day)s at the earliest.") % {"day": day_text(soon.earliest)}
            form.add_error("access_until", text)
            return None
        except PhasedOutAlready:
            form.add_error(None, _("Its end was announced before."))
            return None
        return _("Announced. Every subscriber gets a message today.")


class MoveStock(_OnProduct):
    """Write down things that came in, or were counted."""

    form_class = StockForm
    prefix = "stock"

    def act(self, request: ConsoleRequest, product: Product, form: Any) -> str | None:
        """Move the stock."""
        if product.stock is None:
            form.add_error(None, _("This product has no stock."))
            return None
        data = form.cleaned_data
        quantity = data["quantity"] - (product.stock if data["how"] == "counted" else 0)
        details = {"why": data["how"], "note": data["note"], "by": request.person, "now": timezone.now()}
        try:
            left = move_stock(product=product, quantity=quantity, **details)
        except NotThatMany as few:
            form.add_error("quantity", _("Only %(left)d are there.") % {"left": few.left})
            return None
        return _("%(left)d in stock.") % {"left": left}
