"""The rows of orders."""

from billing.orders.models.cart import Cart, CartLine, OnlineSteps, Refusal
from billing.orders.models.impossible import Impossible, ImpossibleCredit
from billing.orders.models.order import Order, OrderLine, OrderSite

__all__ = [
    "Cart",
    "CartLine",
    "Impossible",
    "ImpossibleCredit",
    "OnlineSteps",
    "Order",
    "OrderLine",
    "OrderSite",
    "Refusal",
]
