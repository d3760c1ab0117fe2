"""Keep what is sold."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Product


@transaction.atomic
def save_product(*, product: Product, by: Actor, now: datetime) -> Product:
    """Return the product, kept with the values it was given; what was ordered before keeps the old ones."""
    is_new = product._state.adding
    if product.kind != Product.Kind.GOODS:
        product.stock = None
    elif product.stock is None:
        product.stock = 0
    product.save()
    verb = "product.created" if is_new else "product.changed"
    log_action(verb, by=by, on=product, at=now, facts={"key": product.key, "is_sold": product.is_sold})
    return product
