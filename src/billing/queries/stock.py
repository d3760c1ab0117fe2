"""What a quote asks of the shelves, and what is left on them."""

from collections.abc import Collection, Mapping

from billing.models import Product, QuoteVersion


def wanted_by(version: QuoteVersion) -> dict[str, int]:
    """Return how many of each thing a version sells, by the product's key."""
    found: dict[str, int] = {}
    for key, quantity in version.lines.exclude(product=None).values_list("product__key", "quantity"):
        found[key] = found.get(key, 0) + quantity
    return found


def left_of(keys: Collection[str]) -> Mapping[str, int | None]:
    """Return how many of each are left; None for what is never counted."""
    return {product.key: getattr(product, "stock", None) for product in Product.objects.filter(key__in=keys)}
