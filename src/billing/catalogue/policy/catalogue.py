"""What may be said and done with products: quantities, requirements, the way off the market."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from billing.money.policy.calendar_months import add_months
from contracts.policy.clauses import keeps

MAJOR_NOTICE_DAYS = 30

PHASEOUT_MONTHS = 6

TERM_MONTHS = 12  # of a subscription, unless its product or its quote says another

FIXED = "fixed"  # how a subscription goes on: it ends by itself, or renews by itself

AUTOMATIC = "automatic"


class TooSoon(ValueError):
    """Raised when something is announced less ahead than it must be.

    `earliest` is the first day it may be.
    """

    def __init__(self, earliest: date) -> None:
        super().__init__(f"not before {earliest.isoformat()}")
        self.earliest = earliest


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a product's technical requirements."""

    number: int
    in_force_on: date


@keeps("LG-S5.1r")
def abnormal(
    bought: Mapping[str, int], thresholds: Mapping[str, int | None], *, consumer: bool
) -> dict[str, int]:
    """Return the products of which a consumer orders too many, with the quantity from which it is abnormal.

    An order may be refused for it, with this reason; a professional's never. A threshold of None is no limit.
    """
    if not consumer:
        return {}
    limits = {key: limit for key in bought if (limit := thresholds.get(key)) is not None}
    return {key: limit for key, limit in limits.items() if bought[key] >= limit}


def requirements_on(versions: Iterable[Version], on: date) -> Version | None:
    """Return the version of the requirements in force on a day, the one an order of that day keeps.

    The one that came into force last; of two on one day the later version. None before any.
    """
    return max(
        (each for each in versions if each.in_force_on <= on),
        key=lambda each: (each.in_force_on, each.number),
        default=None,
    )


@keeps("LG-S11")
def check_announced(*, is_major: bool, published_on: date, in_force_on: date) -> None:
    """Raise TooSoon when a major change of requirements isn't announced 30 days ahead.

    A minor one may hold at once.
    """
    earliest = published_on + timedelta(days=MAJOR_NOTICE_DAYS if is_major else 0)
    if in_force_on < earliest:
        raise TooSoon(earliest)


@keeps("LG-S4")
def lost_features(promised: Iterable[str], now: Iterable[str]) -> tuple[str, ...]:
    """Return the functions an order promised that a product no longer has: an upgrade removes none."""
    there = {" ".join(each.split()).casefold() for each in now}
    return tuple(each for each in promised if " ".join(each.split()).casefold() not in there)


@keeps("MC-1s")
def check_phaseout(*, announced_on: date, access_until: date) -> None:
    """Raise TooSoon when a product's access would end less than 6 months after it is announced."""
    earliest = add_months(announced_on, PHASEOUT_MONTHS)
    if access_until < earliest:
        raise TooSoon(earliest)


def is_for(offered_to: str, client: str) -> bool:
    """Return whether an offer made to a kind of client is for a buyer.

    A household's for consumers, any other never.
    """
    return (offered_to == "consumer") == (client == "consumer")
