"""The rows of orders."""

from billing.orders.models.cart import Cart, CartLine, CheckoutSteps, Refusal
from billing.orders.models.unavailable import UnavailableLine, UnavailableLineCredit
from billing.orders.models.order import Order, OrderLine, OrderSite

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
