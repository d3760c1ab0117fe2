"""Lower a price for a while."""

from datetime import date, datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Price, PriceList, Product, Promotion


class NotLower(Exception):
    """Raised when the price isn't below the list's, or the list has none; `list_cents` is the list's."""

    def __init__(self, list_cents: int | None) -> None:
        super().__init__(f"the list says {list_cents}")
        self.list_cents = list_cents


class Overlaps(Exception):
    """Raised when another promotion of the product runs on one of these days."""


@transaction.atomic
def run_promotion(
    *,
    product: Product,
    currency: str,
    net_cents: int,
    name_fr: str,
    name_en: str,
    starts_on: date,
    ends_on: date,
    by: Actor | None,
    now: datetime,
) -> Promotion:
    """Return a promotion; it is no list price, so renewals never see it (MC-11).

    Raises NotLower, Overlaps.
    """
    lists = PriceList.objects.in_force(starts_on).filter(currency=currency)
    listed = Price.objects.base().filter(product=product, price_list__in=lists).first()
    if listed is None or net_cents >= listed.net_cents:
        raise NotLower(listed.net_cents if listed else None)
    others = Promotion.objects.select_for_update().filter(product=product, currency=currency)
    if others.filter(starts_on__lt=ends_on, ends_on__gt=starts_on).exists():
        raise Overlaps
    made = Promotion.objects.create(
        product=product,
        currency=currency,
        net_cents=net_cents,
        name_fr=name_fr,
        name_en=name_en,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=now,
    )
    facts = {
        "product": product.key,
        "net_cents": net_cents,
        "starts_on": str(starts_on),
        "ends_on": str(ends_on),
    }
    log_action("promotion.written", by=by, on=product, at=now, facts=facts)
    return made
