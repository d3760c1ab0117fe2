"""Keep what is sold."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Product
from billing.catalogue.policy.catalogue import lost_features
from billing.catalogue.queries.promised import promised_features
from contracts.policy.clauses import keeps


class FeaturesLost(Exception):
    """Raised when a product would no longer do what it was promised to do to who has it; `lost` names it by
    language.
    """

    def __init__(self, lost: dict[str, tuple[str, ...]]) -> None:
        super().__init__(", ".join(each for names in lost.values() for each in names))
        self.lost = lost


@transaction.atomic
@keeps("LG-S4")
def save_product(*, product: Product, by: Actor, now: datetime) -> Product:
    """Return the product, kept with the values it was given; what was ordered before keeps the old ones.

    Raises FeaturesLost: no upgrade takes a function from who was promised it.
    """
    is_new = product._state.adding
    if not is_new:
        check_kept(product)
    if product.kind != Product.Kind.GOODS:
        product.stock = None
    elif product.stock is None:
        product.stock = 0
    product.save()
    verb = "product.created" if is_new else "product.changed"
    log_action(verb, by=by, on=product, at=now, facts={"key": product.key, "is_sold": product.is_sold})
    return product


@keeps("LG-S4")
def check_kept(product: Product) -> None:
    """Raise FeaturesLost when a product no longer does what it was promised to do to who has it."""
    lost = {
        language: gone
        for language, promised in promised_features(product).items()
        if (gone := lost_features(promised, [*product.features(language), product.name(language)]))
    }
    if lost:
        raise FeaturesLost(lost)
