"""The shop on the public host: a product, the cart, who buys, the review, the order."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.catalogue.actions.price_lines import AmountTooLarge
from billing.catalogue.models import Phaseout, Product
from billing.catalogue.policy.offer import Incomplete
from billing.catalogue.policy.prices import NotOnTheList, currency_for
from billing.catalogue.queries.catalogue import is_offered, is_opening, requirements_to_come, substitutes
from billing.catalogue.queries.storefront import next_dispatch, offer_of
from billing.customers.forms.delivery import delivery_initial
from billing.customers.policy.clients import NOTHING_SAID
from billing.customers.views.sign_in import contact_in
from billing.money.gateways.seller import seller
from billing.money.policy.days import paris_day
from billing.money.policy.rates import UnknownRate
from billing.money.policy.tax import MixedTreatments
from billing.money.views.answers import problem
from billing.orders.actions.fill_cart import (
    NotSold,
    change_cart,
    put_in_cart,
    replace_with_substitute,
    save_details,
)
from billing.orders.actions.price_cart import PricedCart, item_of, price_cart, ways_to_pay
from billing.orders.forms.cart import COUNTRIES, AddForm, DetailsForm, WhereForm
from billing.orders.models import Cart
from billing.orders.policy.cart import TermsDiffer
from people.gateways.often import too_often
from people.requests import VisitorRequest
from tenants.models import Customer

CART_KEY = "cart_id"

MAX_CARTS = 120  # an hour, from one network: a staff app buys together

OTHER = {"consumer": "professional", "professional": "consumer"}

UNPRICED = (UnknownRate, MixedTreatments, TermsDiffer, AmountTooLarge)


def unpriced_words(error: Exception) -> str:
    """Return why a cart can't be one order, and what to do."""
    if isinstance(error, TermsDiffer):
        return _("These subscriptions don’t run the same way: order them one after the other.")
    if isinstance(error, MixedTreatments):
        return _("The law wants two invoices for what is in this cart: order services and things apart.")
    if isinstance(error, AmountTooLarge):
        return _("This is more than one order can hold: write to us.")
    return _("We can’t price this address by ourselves: write to us.")


def _ways_to_pay(product: Product, buyer: Customer) -> tuple[str, ...]:
    """Return how a product alone may be paid, with as many users as a cheque wants."""
    protected = NOTHING_SAID.is_consumer_protected(buyer.customer_type)
    sold = [(product, max(1, product.cheque_minimum))]
    return ways_to_pay(sold, [item_of(product)], currency_for(buyer.country), consumer=protected)


class ShopView(View):
    """A page of the shop; the cart is the one this browser's session names, and nobody else's."""

    permission = "anyone"
    request: VisitorRequest

    @property
    def language(self) -> str:
        """Return the language of the page."""
        return (get_language() or "fr")[:2]

    def cart(self) -> Cart | None:
        """Return this browser's cart, tied to who is in the portal here and to nobody who left."""
        key = self.request.session.get(CART_KEY)
        cart = (
            Cart.objects.select_related("contact__customer").filter(pk=key, order=None).first()
            if key
            else None
        )
        contact = contact_in(self.request)
        if cart is not None and cart.contact_id != (contact.pk if contact else None):
            save_details(
                cart=cart,
                country=cart.country,
                client=cart.client,
                details={},
                contact=contact,
                now=timezone.now(),
            )
        return cart

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return a page of the shop, never kept by a browser on the way."""
        frame = {"seller": seller(), "contact": contact_in(self.request), "countries": COUNTRIES.items()}
        response = render(self.request, template, frame | context, status=status)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def priced(self, cart: Cart) -> PricedCart:
        """Return the cart at today's prices. Raises what can't be one order."""
        now = timezone.now()
        return price_cart(cart, now=now, today=paris_day(now))


def client_for(product: Product, asked: str, *, on: date) -> str:
    """Return as which kind of client a visitor looks at a product: as they say, where it is for both."""
    client = "professional" if asked == "professional" else "consumer"
    return client if is_offered(product, client, on=on) else OTHER[client]


class ProductPage(ShopView):
    """A product, with all that must be known of it before it is ordered (LG-S4)."""

    def get(self, request: VisitorRequest, product_key: str) -> HttpResponse:
        """Return the page for a country and a kind of client."""
        now = timezone.now()
        product = get_object_or_404(Product.objects.on_sale(paris_day(now)), key=product_key, option_of=None)
        country = request.GET.get("country", "") if request.GET.get("country") in COUNTRIES else "FR"
        buyer = self._buyer(country, client_for(product, request.GET.get("for", ""), on=paris_day(now)))
        context: dict[str, Any] = {
            "product": product,
            "name": product.name(self.language),
            "offer": None,
            "country": buyer.country,
            "client": buyer.customer_type,
        }
        try:
            offer = offer_of(
                product,
                buyer,
                on=paris_day(now),
                language=self.language,
                methods=_ways_to_pay(product, buyer),
            )
        except NotOnTheList:
            return self.page("billing/orders/shop/product.html", context | {"missing": "price"})
        except (Incomplete, UnknownRate):
            return self.page("billing/orders/shop/product.html", context | {"missing": "offer"})
        goods = product.kind == Product.Kind.GOODS
        context |= {
            "offer": offer,
            "requirements": offer.requirements.splitlines(),
            "to_come": [
                (row.in_force_on, row.text(self.language))
                for row in requirements_to_come(product, paris_day(now))
            ],
            "unit": product.unit(self.language),
            "terms": product.offered_terms if product.kind == Product.Kind.SUBSCRIPTION else [],
            "leaves_on": next_dispatch(now) if goods else None,
            "is_gone": goods and product.stock == 0,
            "phaseout": Phaseout.objects.filter(product=product).first(),
        }
        return self.page("billing/orders/shop/product.html", context)

    def _buyer(self, country: str, client: str) -> Customer:
        contact = contact_in(self.request)
        return contact.customer if contact else Customer(country=country, customer_type=client)


class AddToCart(ShopView):
    """Put a product in the cart."""

    http_method_names = ["post", "options"]

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Put it there, or say why not."""
        form = AddForm(request.POST)
        now = timezone.now()
        cart = self.cart()
        if not form.is_valid():
            return problem(request, _("Say how many of it you would like."), "billing:shop_cart")
        if cart is None and too_often(request.META.get("REMOTE_ADDR", ""), what="cart", most=MAX_CARTS):
            return problem(
                request, _("Many carts were begun from your network: try in an hour."), "billing:shop_cart"
            )
        data = form.cleaned_data
        try:
            cart = put_in_cart(
                cart=cart,
                product_id=data["product"],
                quantity=data["quantity"] or 1,
                term_months=data["term"] or 0,
                country=data["country"] or (cart.country if cart else "FR"),
                client=data["client"] or (cart.client if cart else "consumer"),
                language=self.language,
                contact=contact_in(request),
                now=now,
                today=paris_day(now),
            )
        except NotSold:
            return problem(request, _("This isn’t sold any more."), "billing:shop_cart")
        request.session[CART_KEY] = str(cart.pk)
        return redirect("billing:shop_cart")


class CartPage(ShopView):
    """What is in the cart, at today's prices; everything can be changed."""

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Return the cart."""
        cart = self.cart()
        if cart is None or not cart.lines.exists():
            return self.page("billing/orders/shop/empty.html", {})
        context: dict[str, Any] = {"cart": cart}
        try:
            priced = self.priced(cart)
        except UNPRICED as error:
            lines = cart.lines.select_related("product")
            return self.page(
                "billing/orders/shop/cart.html", context | {"unpriced": unpriced_words(error), "lines": lines}
            )
        today = paris_day(timezone.now())
        held = {line.product.key: line for line in cart.lines.select_related("product")}
        choices = [
            (short, held[short.product], substitutes(held[short.product].product, cart.currency, on=today))
            for short in priced.short
        ]
        return self.page("billing/orders/shop/cart.html", context | {"priced": priced, "choices": choices})

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Keep the quantities and terms; take a line away, or an equivalent in its place, as asked."""
        cart = self.cart()
        now = timezone.now()
        if cart is None:
            return redirect("billing:shop_cart")
        change_cart(cart=cart, wanted=_wanted(cart, request.POST), now=now)
        line, _colon, product = request.POST.get("swap", "").partition(":")
        if product:
            try:
                replace_with_substitute(
                    cart=cart, line_id=UUID(line), product_id=UUID(product), now=now, today=paris_day(now)
                )
            except (NotSold, ValueError):
                return problem(request, _("This isn’t sold any more."), "billing:shop_cart")
        return redirect("billing:shop_details" if "go" in request.POST else "billing:shop_cart")


def _wanted(cart: Cart, typed: Any) -> dict[UUID, tuple[int, int]]:
    """Return what was typed by line; what makes no sense leaves the line as it was."""
    found = {}
    for line in cart.lines.select_related("product"):
        quantity = _number(typed.get(f"quantity-{line.pk}"), line.quantity)
        if typed.get("remove") == str(line.pk):
            quantity = 0
        if typed.get("fewer") == str(line.pk):
            quantity = line.product.stock or 0
        found[line.pk] = (quantity, _number(typed.get(f"term-{line.pk}"), line.term_months))
    return found


def _number(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text and text.isascii() and text.isdigit() and len(text) <= len("100000") else otherwise
    )


class Details(ShopView):
    """Who buys, asked once; somebody known is asked only what the order needs."""

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Return the form, with what was typed before."""
        cart = self.cart()
        if cart is None or not cart.lines.exists():
            return redirect("billing:shop_cart")
        first = {
            "customer_type": cart.client,
            "country": cart.country,
            "organisation": cart.details.get("name", ""),
        }
        return self._page(
            cart,
            self._form(
                cart,
                None,
                first | cart.details | delivery_initial(cart.details.get("delivery"), country=cart.country),
            ),
        )

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Keep it, and go on to the review."""
        cart = self.cart()
        if cart is None or not cart.lines.exists():
            return redirect("billing:shop_cart")
        form = self._form(cart, request.POST, {})
        if not form.is_valid():
            return self._page(cart, form)
        if isinstance(form, DetailsForm) and form.is_machine:
            return redirect("billing:shop_cart")
        save_details(
            cart=cart,
            country=form.cleaned_data.get("country", cart.country),
            client=form.cleaned_data.get("customer_type", cart.client),
            details=form.details(),
            contact=cart.contact,
            now=timezone.now(),
        )
        return redirect("billing:shop_review")

    def _form(self, cart: Cart, typed: Any, initial: dict[str, Any]) -> DetailsForm | WhereForm:
        ships = cart.lines.filter(product__kind=Product.Kind.GOODS).exists()
        kind = WhereForm if cart.contact else DetailsForm
        opens = is_opening(
            cart.lines.values_list("product__profile", flat=True), on=paris_day(timezone.now())
        )
        if cart.contact and not typed:
            initial = {"school": cart.contact.customer.name} | initial
        return kind(typed, initial=initial, ships=ships, opens=opens, client=cart.client)

    def _page(self, cart: Cart, form: Any) -> HttpResponse:
        context = {"cart": cart, "form": form, "is_known": cart.contact is not None}
        return self.page("billing/orders/shop/details.html", context, status=422 if form.errors else 200)
