"""The rows of orders."""

from billing.orders.models.cart import Cart, CartLine, CheckoutSteps, Refusal
from billing.orders.models.order import Order, OrderLine, OrderSite
from billing.orders.models.unavailable import UnavailableLine, UnavailableLineCredit

__all__ = [
    "Cart",
    "CartLine",
    "UnavailableLine",
    "UnavailableLineCredit",
    "CheckoutSteps",
    "Order",
    "OrderLine",
    "OrderSite",
    "Refusal",
]
