"""Take a product off the market."""

from datetime import date, datetime, timedelta

from django.db import transaction

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models import Phaseout, Product
from billing.catalogue.policy.catalogue import check_phaseout
from billing.money.policy.days import day_starts_at, within_day
from contracts.policy.clauses import keeps

NOTIFY_WITHIN = timedelta(hours=24)


class PhasedOutAlready(Exception):
    """Raised when the product's end was announced before."""


@transaction.atomic
@keeps("MC-1s")
def phase_out_product(
    *,
    product: Product,
    sold_until: date,
    access_until: date,
    reason_fr: str,
    reason_en: str,
    by: Actor,
    now: datetime,
    today: date,
) -> Phaseout:
    """Return the announced end of a product: no sale from a day on, subscribers told at least 6 months ahead.

    Promises to tell every subscriber today, to stop the sale on its day, and to see who still runs on the
    last one. Raises TooSoon, PhasedOutAlready.
    """
    held = Product.objects.select_for_update().get(pk=product.pk)
    check_phaseout(announced_on=today, access_until=access_until)
    if Phaseout.objects.filter(product=held).exists():
        raise PhasedOutAlready(held.key)
    made = Phaseout.objects.create(
        product=held,
        announced_on=today,
        sold_until=sold_until,
        access_until=access_until,
        reason_fr=reason_fr,
        reason_en=reason_en,
        created_at=now,
    )
    open_obligation("MC-1s", kind="tell", subject=made.id, due_at=now + NOTIFY_WITHIN, run_at=now, now=now)
    stops_at = max(day_starts_at(sold_until), now)
    open_obligation(
        "MC-1s", kind="stop", subject=made.id, due_at=stops_at + NOTIFY_WITHIN, run_at=stops_at, now=now
    )
    open_obligation("MC-1s", kind="end", subject=made.id, **within_day(access_until, now=now), now=now)
    log_action(
        "product.phased_out",
        by=by,
        on=held,
        at=now,
        facts={
            "product": held.key,
            "sold_until": str(sold_until),
            "access_until": str(access_until),
        },
    )
    wake_worker()
    return made


@transaction.atomic
@keeps("MC-1s")
def stop_sale(*, phaseout: Phaseout, now: datetime) -> bool:
    """Return whether a product was on sale until now; it isn't any more, on quotes neither."""
    product = Product.objects.select_for_update().get(pk=phaseout.product_id)
    if not product.is_sold:
        return False
    product.is_sold = False
    product.save(update_fields=["is_sold"])
    log_action("product.changed", by=None, on=product, at=now, facts={"key": product.key, "is_sold": False})
    return True
