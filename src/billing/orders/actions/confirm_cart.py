"""Confirm a cart on its review page, and accept the terms of sale: the first two steps of an online order."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from billing.orders.actions.price_cart import PricedCart, price_cart
from billing.orders.models import Cart
from billing.orders.policy.online_order import REVIEW, TERMS, Steps, take
from contracts.policy.clauses import keeps


class CartChanged(Exception):
    """Raised when prices, stock or terms aren't what the buyer was shown.

    They look again and confirm again.
    """


class NotReady(Exception):
    """Raised when something of the cart can't be ordered, or nobody said who buys."""


class TermsNotTicked(Exception):
    """Raised when the terms of sale weren't accepted."""


@transaction.atomic
@keeps("LG-S5.1")
def confirm_cart(*, cart: Cart, seen: str, now: datetime, today: date) -> PricedCart:
    """Return the cart as it was confirmed after the review page, with its time.

    `seen` is the hash of what was shown.

    Raises CartChanged, NotReady, and what `price_cart` raises.
    """
    priced = price_cart(cart, now=now, today=today)
    if not priced.is_ready or not (cart.details or cart.contact):
        raise NotReady
    if priced.digest != seen:
        raise CartChanged
    take(Steps(), REVIEW, at=now)
    cart.mark_reviewed(at=now, digest=seen)
    return priced


@transaction.atomic
@keeps("LG-S5.1", "LG-U1")
def accept_terms(*, cart: Cart, ticked: bool, version: UUID, now: datetime) -> Cart:
    """Return the cart with the terms version accepted, and when: the box starts unticked.

    Raises TermsNotTicked.
    """
    if not ticked:
        raise TermsNotTicked
    take(Steps(review=cart.reviewed_at), TERMS, at=now)
    cart.mark_terms(at=now, version=version)
    return cart
