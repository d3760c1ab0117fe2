"""The end of the shop: everything once more, the terms, the order, and the way to its payment."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.catalogue.policy.methods import MethodRefused
from billing.catalogue.policy.shelves import OutOfStock
from billing.customers.gateways.portal_link import Entry
from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView, ask_to_confirm, may_act, sign_in_contact
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.queries.refusals import lack_words
from billing.money.policy.calendar_months import add_months
from billing.money.policy.days import paris_day
from billing.money.views.answers import done, problem
from billing.orders.actions.change_method import change_method
from billing.orders.actions.confirm_cart import (
    CartChanged,
    NotReady,
    TermsNotTicked,
    accept_terms,
    confirm_cart,
)
from billing.orders.actions.fill_cart import choose_method
from billing.orders.actions.place_order import Refused, place_order, placed_meanwhile
from billing.orders.actions.price_cart import PricedCart, buyer_of_cart
from billing.orders.actions.refuse_cart import refuse_cart
from billing.orders.actions.start_order_checkout import start_order_checkout
from billing.orders.forms.cart import MethodForm, PlaceForm
from billing.orders.models import Cart, Order
from billing.orders.policy.cart import ONLINE
from billing.orders.policy.online_order import ABNORMAL, DISPUTED, OutOfOrder
from billing.orders.queries.portal import orders_of
from billing.orders.views.shop import CART_KEY, UNPRICED, ShopView, unpriced_words
from billing.payments.views.refusals import NOT_LED, why_not_led
from people.gateways.often import too_often
from people.requests import VisitorRequest


class Review(ShopView):
    """The review: everything once more, all of it can be corrected.

    Then the terms, and the order (LG-S5.1).
    """

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Return the page, or the step that lacks."""
        cart = self.cart()
        if cart is None:
            return redirect("billing:shop_cart")
        if answer := self._elsewhere(cart):
            return answer
        return self._page(cart, PlaceForm())

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Choose how to pay, or confirm the cart, accept the terms and place the order."""
        cart = self.cart()
        if cart is None:
            return redirect("billing:shop_cart")
        if answer := self._elsewhere(cart):
            return answer
        if "seen" not in request.POST:
            return self._choose(cart)
        if cart.contact is not None and not may_act(request):
            return ask_to_confirm(request)
        form = PlaceForm(request.POST)
        if not form.is_valid():
            return self._page(cart, form)
        if too_often(request.META.get("REMOTE_ADDR", ""), what="order"):
            form.add_error(
                None, _("Many orders came from your network: write to us instead, or try in an hour.")
            )
            return self._page(cart, form)
        return self._place(cart, form)

    def _place(self, cart: Cart, form: PlaceForm) -> HttpResponse:
        if placed := placed_meanwhile(cart_id=cart.pk):
            return self._after(placed)
        now = timezone.now()
        today = paris_day(now)
        try:
            priced = confirm_cart(cart=cart, seen=form.cleaned_data["seen"], now=now, today=today)
            assert priced.terms is not None, "a cart that is ready has its terms"
            accept_terms(cart=cart, ticked=form.cleaned_data["terms"], version=priced.terms.pk, now=now)
            order = place_order(cart_id=cart.pk, now=now, today=today)
        except TermsNotTicked:
            form.add_error("terms", form.fields["terms"].error_messages["required"])
            return self._page(cart, form)
        except Refused as refused:
            refuse_cart(cart=cart, refused=refused, now=now, today=today)
            form.add_error(None, refused_words(refused, is_own=cart.contact is not None))
            return self._page(cart, form)
        except (CartChanged, OutOfOrder, OutOfStock, NotReady):
            form.add_error(
                None, _("Something changed since you looked: read it again, then confirm it again.")
            )
            cart.refresh_from_db()
            return self._elsewhere(cart) or self._page(cart, form)
        except NotAnInvoice as error:
            what = lack_words(error.missing, error.broken)
            form.add_error(
                None,
                _("Something is missing for your invoice: %(what)s. Correct your details.") % {"what": what},
            )
            return self._page(cart, form)
        return self._after(order)

    def _after(self, order: Order) -> HttpResponse:
        """Let the buyer in, for the customer of this order only, and on to the payment."""
        self.request.session.pop(CART_KEY, None)
        sign_in_contact(self.request, Entry(order.contact, may_act=True))
        if order.method in ONLINE and order.state == Order.State.AWAITING_PAYMENT:
            return to_payment(self.request, order)
        words = (
            _("Thank you. We have your order; here is how to pay it.")
            if order.gross_cents
            else _("Thank you. We have your order; there is nothing to pay.")
        )
        return done(self.request, words, "billing:portal_order", order.pk)

    def _choose(self, cart: Cart) -> HttpResponse:
        form = MethodForm(self.request.POST, methods=self.priced(cart).methods)
        if form.is_valid():
            choose_method(cart=cart, method=form.cleaned_data["method"], now=timezone.now())
        return redirect("billing:shop_review")

    def _elsewhere(self, cart: Cart) -> HttpResponse | None:
        """Return the way to what must be put right first, None when the cart can be reviewed."""
        if not cart.lines.exists():
            return redirect("billing:shop_cart")
        if not cart.details and not cart.contact:
            return redirect("billing:shop_details")
        try:
            priced = self.priced(cart)
        except UNPRICED as error:
            return problem(self.request, unpriced_words(error), "billing:shop_cart")
        if priced.gone or priced.short:
            text = _("Something isn’t there any more: choose what to do with it first.")
            return problem(self.request, text, "billing:shop_cart")
        if not priced.is_ready:
            text = _("These can’t be ordered and paid together: order them apart, or ask for a quote.")
            return problem(self.request, text, "billing:shop_cart")
        return None

    def _page(self, cart: Cart, form: PlaceForm) -> HttpResponse:
        priced = self.priced(cart)
        today = paris_day(timezone.now())
        months = priced.term.months if any(row.line.term_months for row in priced.rows) else 0
        starts_on = today + timedelta(days=priced.trial_days)
        context = {
            "cart": cart,
            "priced": priced,
            "buyer": buyer_of_cart(cart),
            "form": form,
            "months": months,
            "starts_on": starts_on,
            "renews_on": add_months(starts_on, months) if months else None,
            "methods": MethodForm(methods=priced.methods, initial={"method": priced.method}),
            "online": priced.method in ONLINE,
            "could_try": not priced.trial_days and could_try(priced),
        }
        return self.page("billing/orders/shop/review.html", context, status=422 if form.errors else 200)


def could_try(priced: PricedCart) -> bool:
    """Return whether something of the cart has a trial, were it ordered apart or paid online."""
    return any(row.offer.trial_days for row in priced.rows)


def refused_words(refused: Refused, *, is_own: bool) -> str:
    """Return what is said of a refusal on the page.

    Of what somebody owes only to themselves, who are signed in.
    """
    if refused.reasons[0] == ABNORMAL:
        return _("That is far more than a household needs: lower the quantity, or write to us.")
    if not is_own:
        return _("We can’t take this order online. We wrote why to the address we know.")
    if refused.reasons[0] == DISPUTED:
        return _("A payment is contested at the moment. Once that is settled you can order again.")
    return _("A sum is overdue, of an invoice or a claim for late interest: pay it to order again.")


def to_payment(request: VisitorRequest, order: Order) -> HttpResponse:
    """Return the page that leads to the provider's, or the order with what went wrong."""
    try:
        url = start_order_checkout(order_id=order.pk, contact=order.contact, now=timezone.now())
    except NOT_LED as error:
        return problem(request, why_not_led(error), "billing:portal_order", order.pk)
    return render(request, "billing/orders/shop/leaving.html", {"order": order, "url": url})


class OrderMethod(PortalView):
    """Pay an order in another way."""

    http_method_names = ["post", "options"]

    def post(self, request: PortalRequest, order_id: UUID) -> HttpResponse:
        """Change it, and go on to the payment."""
        order = get_object_or_404(orders_of(self.request.contact), pk=order_id)
        now = timezone.now()
        try:
            order = change_method(
                order_id=order.pk, method=request.POST.get("method", ""), now=now, today=paris_day(now)
            )
        except (MethodRefused, NotAnInvoice):
            return problem(request, _("This order can’t be paid that way."), "billing:portal_order", order.pk)
        except NOT_LED as error:
            return problem(request, why_not_led(error), "billing:portal_order", order.pk)
        return done(request, _("Noted. Here is how to pay it now."), "billing:portal_order", order.pk)
