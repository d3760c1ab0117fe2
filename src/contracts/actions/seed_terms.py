"""Publish the terms that ship with the product, for each offer."""

from datetime import datetime

from django.db import transaction

from contracts.actions.publish_terms import publish_terms
from contracts.gateways.profiles import profiles
from contracts.gateways.terms import Text, shipped_texts
from contracts.models import TermsVersion
from contracts.policy.profiles import KeptPeriod, Profile
from contracts.policy.terms import written_for


@transaction.atomic
def seed_terms(now: datetime) -> list[TermsVersion]:
    """Return the shipped terms of every offer, published once however often this runs.

    Runs as the operator. Texts dated after `now` wait.
    """
    ripe = [text for text in shipped_texts() if text.version_on <= now.date()]
    return [
        _publish(text, offer)
        for text in ripe
        for offer in profiles(on=text.version_on)
        if _concerns(text, offer)
    ]


def _concerns(text: Text, offer: Profile) -> bool:
    return text.kind != "dpa" or offer.controller == "customer"


def _publish(text: Text, offer: Profile) -> TermsVersion:
    values = {
        "product": offer.name[text.language],
        "support": offer.support.address,
        "kept_days": offer.kept_after_end.nominal_days,
        "kept_for": kept_words(offer.kept_after_end, text.language),
        "erasure_hours": offer.erasure.hours,
        "undo_hours": offer.erasure.undo_hours,
        "suspension_days": offer.suspension.business_days,
        "order_days": offer.orders.cancellable_business_days,
        "forward_hours": offer.rights.forward_hours,
        "backup_months": offer.erasure.backup_months,
    }
    return publish_terms(
        kind=text.kind,
        profile=offer.key,
        language=text.language,
        version=text.version_on.isoformat(),
        text=written_for(text.text, client=offer.client, values=values),
        published_on=text.version_on,
        in_force_on=text.version_on,
    )


def kept_words(period: KeptPeriod, language: str) -> str:
    """Return for how long data is kept, in words of a language that terms ship in: "2 years", "180 jours"."""
    count, unit = (period.years, "year") if period.years else (period.days, "day")
    words = {"fr": {"year": ("an", "ans"), "day": ("jour", "jours")}}.get(language, {})
    one, many = words.get(unit, (unit, f"{unit}s"))
    return f"{count} {one if count in {0, 1} else many}"
