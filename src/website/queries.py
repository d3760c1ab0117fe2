"""What the public pages show: the offers with their promises and prices, and how the service is doing."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.models import Obligation, OutboxMessage
from billing.models import Price, PriceList, Product
from billing.money.gateways.rate_tables import standard_vat
from billing.money.policy.money import share_of
from contracts.policy.profiles import KeptPeriod, Profile
from contracts.registry import profiles

PRESENTED = Path(__file__).resolve().parent / "data" / "offers.toml"
A_WHILE = timedelta(minutes=15)  # a minute's tick and its work; later than that is behind


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as a visitor reads it."""

    key: str
    name: str
    icon: str
    addressed_to: str
    pitch: str
    promises: list[str]
    is_shown: bool
    price_cents: int | None = None
    is_with_vat: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the status page answers for."""

    label: str
    is_well: bool
    words: str


@lru_cache(maxsize=1)
def _presented() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PRESENTED.read_text(encoding="utf-8"))


def offers(*, today: date, language: str) -> list[Offer]:
    """Return every offer in force, those of the home page first, with its price where it has one."""
    prices = _prices(today)
    order = list(_presented())
    found = [_offer(profile, language, prices.get(profile.key), today) for profile in profiles(on=today)]
    return sorted(found, key=lambda offer: order.index(offer.key) if offer.key in order else len(order))


def _offer(profile: Profile, language: str, net_cents: int | None, today: date) -> Offer:
    written = _presented().get(profile.key, {})
    with_vat = profile.client == "consumer"
    return Offer(
        key=profile.key,
        name=profile.name.get(language, profile.name["fr"]),
        icon=written.get("icon", "book-open"),
        addressed_to=written.get(f"for_{language}", written.get("for_fr", "")),
        pitch=written.get(f"pitch_{language}", written.get("pitch_fr", "")),
        promises=promises_of(profile),
        is_shown=written.get("shown", False),
        price_cents=_shown_price(net_cents, today) if with_vat else net_cents,
        is_with_vat=with_vat,
    )


def _prices(today: date) -> dict[str, int]:
    """Return the lowest price excluding VAT of a subscription in euros, by the profile it opens."""
    current = PriceList.objects.in_force(today).filter(currency="EUR")
    sold = Product.objects.on_sale(today).filter(kind=Product.Kind.SUBSCRIPTION, option_of=None)
    rows = Price.objects.base().filter(price_list__in=current, product__in=sold)
    found: dict[str, int] = {}
    for key, cents in rows.exclude(product__profile="").values_list("product__profile", "net_cents"):
        found[key] = min(cents, found.get(key, cents))
    return found


def _shown_price(net_cents: int | None, today: date) -> int | None:
    """Return what a consumer pays in mainland France, VAT included (LG-S6.1)."""
    rate = standard_vat(country="FR", subdivision=None, on=today)
    return net_cents if net_cents is None or rate is None else net_cents + share_of(net_cents, rate)


def promises_of(profile: Profile) -> list[str]:
    """Return what an offer promises, said from its parameters."""
    erasure = profile.erasure
    suspension = profile.suspension
    said = [
        ngettext(
            "A deleted account is gone within %(n)d hour.",
            "A deleted account is gone within %(n)d hours.",
            erasure.hours,
        )
        % {"n": erasure.hours},
        _("You are the controller of your data; we act on your word.")
        if profile.controller == "customer"
        else _("We answer for your data ourselves, within one month."),
        _kept(profile.kept_after_end),
        {"none": _("No audience measurement."), "cookieless": _("Audience figures without cookies.")}.get(
            profile.audience.measure, _("Audience figures only after consent.")
        ),
    ]
    if suspension.when == "after_notice":
        said.append(
            ngettext(
                "No suspension without a notice and %(n)d business day.",
                "No suspension without a notice and %(n)d business days.",
                suspension.business_days,
            )
            % {"n": suspension.business_days}
        )
    return said


def _kept(kept_after_end: KeptPeriod) -> str:
    if not kept_after_end.nominal_days:
        return _("Nothing is kept after the end.")
    if kept_after_end.years and not kept_after_end.days:
        return ngettext(
            "At most %(n)d year of keeping after the end.",
            "At most %(n)d years of keeping after the end.",
            kept_after_end.years,
        ) % {"n": kept_after_end.years}
    return ngettext(
        "At most %(n)d day of keeping after the end.",
        "At most %(n)d days of keeping after the end.",
        kept_after_end.nominal_days,
    ) % {"n": kept_after_end.nominal_days}


def checks(*, now: datetime) -> list[Check]:
    """Return how the service is doing: answering, keeping its promises in time, sending its messages."""
    behind = Obligation.objects.late(now).count()
    failing = Obligation.objects.waiting().filter(failed_at__isnull=False).count()
    unsent = OutboxMessage.objects.late(now).count()
    on_time = _("On time")
    return [
        Check(_("Pages and sign-in"), True, _("Running")),
        Check(
            _("Promises with a date"),
            not behind,
            on_time if not behind else _("%(n)d behind") % {"n": behind},
        ),
        Check(
            _("Background work"),
            not failing,
            on_time if not failing else _("%(n)d to retry") % {"n": failing},
        ),
        Check(_("Messages"), not unsent, on_time if not unsent else _("%(n)d waiting") % {"n": unsent}),
    ]
