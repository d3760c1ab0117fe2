"""Put things in a cart, and change what is in it; nothing else of it is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import instant, open_obligation
from billing.catalogue.models import Product
from billing.catalogue.policy.prices import currency_for
from billing.customers.models import Contact
from billing.orders.models import Cart, CartLine
from contracts.policy.clauses import keeps

KEPT_FOR = timedelta(days=30)

MAX_QUANTITY = 100_000


class NotSold(Exception):
    """Raised when a product isn't sold online: withdrawn, an option of another, or not there."""


@transaction.atomic
def put_in_cart(
    *,
    cart: Cart | None,
    product_id: UUID,
    quantity: int,
    term_months: int,
    country: str,
    client: str,
    language: str,
    contact: Contact | None,
    now: datetime,
    today: date,
) -> Cart:
    """Return the cart with so many more of a product in it; a new one where there was none.

    A visitor's cart is for the country and kind of client they looked at last; a known contact's is their
    customer's. Promises to forget it. Raises NotSold.
    """
    product = Product.objects.on_sale(today).filter(pk=product_id, option_of=None).first()
    if product is None:
        raise NotSold(product_id)
    priced_for = _priced_for(contact, country, client)
    held = cart or Cart(created_at=now, language=language, contact=contact)
    held.touch(at=now, **priced_for)
    line = CartLine.objects.filter(cart=held, product=product).first()
    line = line or CartLine(cart=held, product=product, quantity=0, added_at=now)
    line.quantity = _sensible(product, line.quantity + quantity)
    line.term_months = _term(product, term_months)
    line.save()
    if cart is None:
        open_obligation("LG-S5.1", kind="cart-forgotten", subject=held.pk, **instant(now + KEPT_FOR), now=now)
    return held


@transaction.atomic
def change_cart(*, cart: Cart, wanted: Mapping[UUID, tuple[int, int]], now: datetime) -> Cart:
    """Return the cart with these quantities and terms by line; a quantity of zero takes a line away."""
    for line in cart.lines.select_related("product"):
        quantity, term_months = wanted.get(line.pk, (line.quantity, line.term_months))
        if quantity <= 0:
            line.delete()
            continue
        line.quantity = _sensible(line.product, quantity)
        line.term_months = _term(line.product, term_months)
        line.save(update_fields=["quantity", "term_months"])
    cart.touch(at=now)
    return cart


@transaction.atomic
@keeps("LG-S10.1")
def replace_with_substitute(
    *, cart: Cart, line_id: UUID, product_id: UUID, now: datetime, today: date
) -> Cart:
    """Return the cart with an equivalent in the place of what is out of stock, as its buyer chose.

    Raises NotSold.
    """
    line = CartLine.objects.filter(cart=cart, pk=line_id).first()
    product = Product.objects.on_sale(today).physical().filter(pk=product_id).first()
    if line is None or product is None:
        raise NotSold(product_id)
    there = CartLine.objects.filter(cart=cart, product=product).exclude(pk=line.pk).first()
    quantity = line.quantity + (there.quantity if there else 0)
    if there is not None:
        there.delete()
    line.product = product
    line.quantity = quantity if product.stock is None else max(1, min(quantity, product.stock))
    line.save(update_fields=["product", "quantity"])
    cart.touch(at=now)
    return cart


@transaction.atomic
def save_details(
    *,
    cart: Cart,
    country: str,
    client: str,
    details: Mapping[str, Any],
    contact: Contact | None,
    now: datetime,
) -> Cart:
    """Return the cart with who buys; prices follow the country and the kind of client."""
    cart.touch(at=now, contact=contact, details=dict(details), **_priced_for(contact, country, client))
    return cart


@transaction.atomic
def choose_method(*, cart: Cart, method: str, now: datetime) -> Cart:
    """Return the cart with the method of payment its buyer chose; a cheque's fee shows at once."""
    cart.touch(at=now, method=method)
    return cart


def forget_cart(*, cart_id: UUID, now: datetime) -> datetime | None:
    """Return when to look again, None once a cart nobody touched for 30 days is gone with what was typed in
    it.

    One that became an order stays with it, without what was typed; a refusal stays without whose address it
    was.
    """
    cart = Cart.objects.select_for_update(of=("self",)).filter(pk=cart_id, order=None).first()
    if cart is None:
        return None
    if cart.touched_at + KEPT_FOR > now:
        return cart.touched_at + KEPT_FOR
    cart.refusals.update(email="")
    cart.delete()
    return None


def _priced_for(contact: Contact | None, country: str, client: str) -> dict[str, str]:
    """Return what a cart is priced for: a known contact's customer, else who the visitor said buys."""
    if contact is not None:
        country = contact.customer.country
        client = contact.customer.customer_type
    return {"country": country, "client": client, "currency": currency_for(country)}


def _sensible(product: Product, quantity: int) -> int:
    """Return a quantity one may order: at least the product's least."""
    return min(max(quantity, product.minimum_quantity, 1), MAX_QUANTITY)


def _term(product: Product, months: int) -> int:
    if product.kind != Product.Kind.SUBSCRIPTION:
        return 0
    return months if months in product.offered_terms else product.term_months
