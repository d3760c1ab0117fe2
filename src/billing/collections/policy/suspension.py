"""When access stops because something is unpaid or wrong, and when it comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.calendar import add_business_days
from contracts.policy.clauses import keeps

AT_ONCE = frozenset({"serious_breach", "repeated_breach", "danger", "injunction"})

CAUSES = frozenset({"unpaid", "breach"}) | AT_ONCE


@dataclass(frozen=True, slots=True)
class SuspensionNotice:
    """The e-mail that says what is wrong; one that bounced was never received."""

    sent_on: date
    bounced: bool = False


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

    `when` is the profile's rule: "after_notice" (so many business days after an e-mail that did not bounce),
    "at_once" (from the day the cause is known) or "never" for what is unpaid. A serious or repeated breach, a
    danger to the service and an injunction stop access at once whatever the profile. Raises ValueError on a
    cause there isn't.
    """
    if cause not in CAUSES:
        raise ValueError(f"no such cause: {cause!r}")
    if cause in AT_ONCE or when == "at_once":
        return today
    if when == "never" or notice is None or notice.bounced:
        return None
    return add_business_days(notice.sent_on, business_days, holidays=holidays) + timedelta(days=1)


@keeps("LG-S19", "MC-4")
def is_lifted(unpaid_cents: Iterable[int], *, other_causes: int = 0) -> bool:
    """Return whether access comes back: every cause is fully remedied; a part payment lifts nothing."""
    return not other_causes and all(cents <= 0 for cents in unpaid_cents)


@keeps("MC-7")
def misuse_suspends(*, told_on: date | None, today: date) -> bool:
    """Return whether access may be suspended for misuse: an e-mail said so before."""
    return told_on is not None and told_on <= today


@keeps("LG-S6.3x", "LG-S5.2x")
def blocks_orders(overdue_cents: Iterable[int], *, is_disputed: bool) -> str:
    """Return why no new order is taken: "overdue", "disputed", or "" when nothing stands against it."""
    if any(cents > 0 for cents in overdue_cents):
        return "overdue"
    return "disputed" if is_disputed else ""
