"""What a visitor may ask a quote for, and the terms they accept when they do."""

from datetime import date
from uuid import UUID

from billing.catalogue.models import Product
from contracts.models import TermsVersion
from contracts.registry import profiles


def requestable_offers(*, today: date, language: str) -> list[tuple[str, str]]:
    """Return the offers somebody can ask a quote for, by name: those of professionals that are still sold."""
    gone = _withdrawn(today)
    found = [
        (profile.key, profile.name.get(language, profile.name["fr"]))
        for profile in profiles(on=today)
        if profile.client != "consumer" and profile.key not in gone
    ]
    return sorted(found, key=lambda offer: offer[1])


def _withdrawn(today: date) -> set[str]:
    """Return the offers none of whose products is sold any more."""
    known = Product.objects.filter(kind=Product.Kind.SUBSCRIPTION, option_of=None).exclude(profile="")
    sold = Product.objects.on_sale(today).filter(option_of=None).values_list("profile", flat=True)
    return set(known.values_list("profile", flat=True)) - set(sold)


def terms_of_use(offer: str, language: str, *, on: date) -> UUID | None:
    """Return the terms of use of an offer that a visitor accepts on a day, in their language, else in
    French.
    """
    for each in dict.fromkeys((language, "fr")):
        found = TermsVersion.objects.of("use", offer, each).in_force(on).first()
        if found is not None:
            return UUID(str(found.pk))
    return None
