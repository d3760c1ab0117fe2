"""What a quote asks of the shelves, and what is left on them."""

from billing.quotes.models import QuoteVersion


def wanted_by(version: QuoteVersion) -> dict[str, int]:
    """Return how many of each thing a version sells, by the product's key."""
    found: dict[str, int] = {}
    for key, quantity in version.lines.exclude(product=None).values_list("product__key", "quantity"):
        found[key] = found.get(key, 0) + quantity
    return found
