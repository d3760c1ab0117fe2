"""Terms: French prevails, a translation says so, and a text is made from what the profile promises."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

from contracts.policy.clauses import keeps

Version = TypeVar("Version")
PREVAILING = "fr"
AT_RENEWAL = "LG-S30"  # how a profile's terms change
BY_AGREEMENT = "QZ-6t"
FOR_NEW_ORDERS = "MC-0"


class NoFrench(ValueError):
    """Raised when a translation would be published of a version that doesn't exist in French."""


@keeps("LG-S27")
def is_translation(language: str) -> bool:
    """Return whether a document in this language must say that the French text prevails."""
    return language.partition("-")[0] != PREVAILING


@keeps("LG-S27")
def check_french_first(language: str, *, french_exists: bool) -> None:
    """Raise NoFrench when a version is published in another language and not in French."""
    if is_translation(language) and not french_exists:
        raise NoFrench(f"publish the French text first: without it nothing prevails over the {language} one")


def written_for(text: str, *, client: str, values: Mapping[str, object]) -> str:
    """Return the paragraphs of a shipped text that concern a kind of client, with the profile's figures in
    them.

    A paragraph that starts with "[consumer]" or "[professional]" is for that kind only.
    """
    kept = []
    for paragraph in text.strip().split("\n\n"):
        mark, bracket, rest = paragraph.partition("] ")
        if bracket and mark in {"[consumer", "[professional"}:
            if mark != f"[{client}":
                continue
            paragraph = rest
        kept.append(" ".join(paragraph.split("\n")))
    return "\n\n".join(kept).format_map(dict(values))


class TooSoon(ValueError):
    """Raised when a version would be in force before it may be; `earliest` is the first day it can."""

    def __init__(self, earliest: date) -> None:
        """Keep the day."""
        super().__init__(earliest.isoformat())
        self.earliest = earliest


@keeps("LG-S30")
def check_in_force(
    in_force_on: date, *, published_on: date, is_substantial: bool, change: str, notice_days: int
) -> date:
    """Return the day a version is in force from, when it may be.

    An editorial change is in force at once, without notice; a substantial one no earlier than its notice
    allows, which is sent the day it is published. Where terms change for new orders only, nobody waits for
    it. Raises TooSoon.
    """
    waits = is_substantial and change != FOR_NEW_ORDERS
    earliest = published_on + timedelta(days=notice_days if waits else 0)
    if in_force_on < earliest:
        raise TooSoon(earliest)
    return in_force_on


@keeps("LG-S30")
def binds_from(
    *, noticed_on: date, in_force_on: date, renews_on: date | None, notice_days: int
) -> date | None:
    """Return the renewal at which a substantial change binds a running subscription, None when it is a later
    one.

    The next renewal, if the notice went at least `notice_days` before it and the version is in force by then:
    until that day the old terms stand and the client may leave freely.
    """
    if renews_on is None or renews_on < max(in_force_on, noticed_on + timedelta(days=notice_days)):
        return None
    return renews_on


@keeps("MC-0", "LG-S30")
def version_at_renewal(
    change: str, *, taken_under: Version | None, in_force: Version | None
) -> Version | None:
    """Return the version of the terms a subscription renews under: the one in force, as announced.

    Where terms change for new orders only, a running subscription keeps the version it was taken under.
    """
    if change == FOR_NEW_ORDERS and taken_under is not None:
        return taken_under
    return in_force if in_force is not None else taken_under


@keeps("MC-0", "LG-S30")
def tells_running(change: str, *, is_substantial: bool) -> bool:
    """Return whether the customers of running subscriptions are told of a version.

    It concerns new orders only, or not.
    """
    return is_substantial and change != FOR_NEW_ORDERS
