"""What is left of a product."""

from collections.abc import Collection, Mapping

from billing.catalogue.models import Product


def left_of(keys: Collection[str]) -> Mapping[str, int | None]:
    """Return how many of each are left; None for what is never counted."""
    return {product.key: getattr(product, "stock", None) for product in Product.objects.filter(key__in=keys)}
