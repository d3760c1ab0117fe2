"""Who hears what is announced below it, and answers what is asked there; the lower subject first."""

from billing.listeners import collections, orders, quotes, returns, subscriptions

__all__ = ["collections", "orders", "quotes", "returns", "subscriptions"]
