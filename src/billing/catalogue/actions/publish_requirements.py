"""Publish a version of what a product needs to run."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Product, Requirements
from billing.catalogue.policy.catalogue import check_announced
from billing.money.policy.days import day_starts_at
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S11")
def publish_requirements(
    *,
    product: Product,
    text_fr: str,
    text_en: str,
    is_major: bool,
    in_force_on: date,
    by: Actor | None,
    now: datetime,
    today: date,
) -> Requirements:
    """Return the next version of a product's requirements; a major change is announced to its subscribers.

    Orders and subscriptions keep the version they were taken under. Raises TooSoon when a major change isn't
    announced 30 days ahead.
    """
    held = Product.objects.select_for_update().get(pk=product.pk)
    last = held.requirements.aggregate(last=Max("version"))["last"] or 0
    check_announced(is_major=is_major and last > 0, published_on=today, in_force_on=in_force_on)
    made = Requirements.objects.create(
        product=held,
        version=last + 1,
        text_fr=text_fr,
        text_en=text_en,
        is_major=is_major,
        published_on=today,
        in_force_on=in_force_on,
        created_at=now,
    )
    log_action(
        "requirements.published",
        by=by,
        on=held,
        at=now,
        facts={
            "product": held.key,
            "version": made.version,
            "is_major": is_major,
            "in_force_on": str(in_force_on),
        },
    )
    if is_major and last:
        open_obligation(
            "LG-S11", kind="announce", subject=made.id, due_at=day_starts_at(in_force_on), run_at=now, now=now
        )
        wake_worker()
    return made
