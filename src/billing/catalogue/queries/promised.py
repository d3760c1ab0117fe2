"""What a product was promised to do, to who has it now."""

from __future__ import annotations

from django.db.models import Q

from billing.catalogue.models import OfferSheet, Product
from billing.registry import ask

PENDING = ("waiting", "funded")


def promised_features(product: Product) -> dict[str, list[str]]:
    """Return the functions promised of a product, by language.

    To subscriptions that run and orders that wait.
    """
    held = ask("running_orders", product)
    rows = OfferSheet.objects.filter(product=product)
    rows = rows.filter(Q(order__in=held) | Q(order__state__in=PENDING))
    found: dict[str, set[str]] = {}
    for language, features in rows.values_list("language", "content__features"):
        found.setdefault(language, set()).update(features or ())
    return {language: sorted(features) for language, features in found.items()}
