"""When access stops because something is unpaid or wrong, and when it comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.policy.calendar import add_business_days
from contracts.policy.clauses import keeps

AT_ONCE = frozenset({"serious_breach", "repeated_breach", "danger", "injunction"})

UNPAID = "unpaid"

CAUSES = frozenset({UNPAID, "breach"}) | AT_ONCE


@dataclass(frozen=True, slots=True)
class SuspensionNotice:
    """The e-mail that says what is wrong: the day it left, None while it waits.

    One that bounced, or that nobody could be sent, was never received.
    """

    sent_on: date | None
    bounced: bool = False

    @property
    def counts_from(self) -> date | None:
        """Return the day its clock starts, None while none runs."""
        return None if self.bounced else self.sent_on


@keeps("LG-S19", "MC-4")
def suspended_from(
    notice: SuspensionNotice | None,
    *,
    when: str,
    cause: str,
    today: date,
    business_days: int,
    holidays: frozenset[date],
) -> date | None:
    """Return the first day of a suspension, None while none is allowed.

    `when` is the profile's rule: "after_notice" (so many business days after an e-mail that left and did not
    bounce), "at_once" (what is unpaid from the day it is known, a breach from the day its e-mail left) or
    "never". A serious or repeated breach, a danger to the service and an injunction stop access at once
    whatever the profile. Raises ValueError on a cause there isn't.
    """
    if cause not in CAUSES:
        raise ValueError(f"no such cause: {cause!r}")
    if cause in AT_ONCE or (when == "at_once" and cause == UNPAID):
        return today
    sent_on = notice.counts_from if notice else None
    if when == "never" or sent_on is None:
        return None
    if when == "at_once":
        return sent_on if misuse_suspends(told_on=sent_on, today=today) else None
    return add_business_days(sent_on, business_days, holidays=holidays) + timedelta(days=1)


@keeps("LG-S19", "MC-4")
def is_lifted(unpaid_cents: Iterable[int], *, other_causes: int = 0) -> bool:
    """Return whether access comes back: every cause is fully remedied; a part payment lifts nothing."""
    return not other_causes and all(cents <= 0 for cents in unpaid_cents)


def standing_since(spans: Iterable[tuple[datetime, datetime | None]]) -> datetime | None:
    """Return since when something stands without a break, from when each cause of it began and ended.

    None where no cause stands now.
    """
    since: datetime | None = None
    for began, ended in sorted(spans, key=lambda span: span[0], reverse=True):
        if ended is None or (since is not None and ended >= since):
            since = began
    return since


@keeps("MC-7")
def misuse_suspends(*, told_on: date | None, today: date) -> bool:
    """Return whether access may be suspended for misuse: the product's e-mail left before, on this day."""
    return told_on is not None and told_on <= today


@keeps("LG-S6.3x", "LG-S5.2x")
def blocks_orders(overdue_cents: Iterable[int], *, is_disputed: bool) -> str:
    """Return why no new order is taken: "overdue", "disputed", or "" when nothing stands against it."""
    if any(cents > 0 for cents in overdue_cents):
        return "overdue"
    return "disputed" if is_disputed else ""
