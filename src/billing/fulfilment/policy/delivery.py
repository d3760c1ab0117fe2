"""Deliveries: by when, held back when, whose they are and at whose risk, and what a late one allows."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.clauses import keeps

LATEST_DAYS = 30

REFUND_DAYS = 14

IMPOSSIBLE_REFUND_DAYS = 30


class NotYet(ValueError):
    """Raised when a consumer can't end a sale for late delivery yet.

    `reason` is "professional", "on_time", "no_notice" or "delivered".
    """

    def __init__(self, reason: str, *, possible_on: date | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.possible_on = possible_on


@dataclass(frozen=True, slots=True)
class OwnershipTransfer:
    """The two days the order of a thing bears: when it becomes the client's, and from when at their risk."""

    ownership_on: date | None
    risk_on: date | None


@keeps("LG-S7c")
def promised_day(
    *, confirmed_on: date, leaves_on: date, agreed_on: date | None = None, client_days: int = 0
) -> date:
    """Return the delivery date to hold: the one agreed, else 30 days after the confirmation at most.

    The days the client's own act kept the parcel here are theirs: its money came late, or something else was
    overdue. A day agreed stands as long as the parcel leaves by then.
    """
    if agreed_on is None:
        return confirmed_on + timedelta(days=LATEST_DAYS + client_days)
    return max(agreed_on, min(agreed_on + timedelta(days=client_days), leaves_on))


@keeps("LG-S7c")
def late_delivery_refund_by(
    *,
    consumer_protected: bool,
    indicated_on: date,
    notice_on: date | None,
    delivered_on: date | None,
    today: date,
) -> date:
    """Return by when a consumer who ends the sale for late delivery is refunded: 14 days from today.

    They may once 30 days have passed since the indicated date and a formal notice was given. A professional
    never may. Raises NotYet.
    """
    if not consumer_protected:
        raise NotYet("professional")
    if delivered_on is not None:
        raise NotYet("delivered")
    possible_on = indicated_on + timedelta(days=LATEST_DAYS + 1)
    if today < possible_on:
        raise NotYet("on_time", possible_on=possible_on)
    if notice_on is None or notice_on > today:
        raise NotYet("no_notice")
    return today + timedelta(days=REFUND_DAYS)


@keeps("LG-S7c")
def is_all_refunded(*, uncredited_cents: int, owed_cents: int, unmade_cents: int) -> bool:
    """Return whether a consumer has back all they paid for what never came.

    All of it was credited, no credit note owes them anything, and no refund is still to be made.
    """
    return not (uncredited_cents or owed_cents or unmade_cents)


@keeps("LG-S6.3x", "LG-S5.2d")
def is_withheld(*, overdue_cents: int, unfunded_cents: int = 0) -> bool:
    """Return whether a delivery stays here: the client has something overdue, or the money of its order has
    left again.
    """
    return overdue_cents > 0 or unfunded_cents > 0


@keeps("LG-S8")
def passing(
    *, consumer_protected: bool, concluded_on: date, paid_in_full_on: date | None, possessed_on: date | None
) -> OwnershipTransfer:
    """Return when ownership and risk pass: on full payment; on possession for a consumer, else on
    conclusion.
    """
    return OwnershipTransfer(paid_in_full_on, possessed_on if consumer_protected else concluded_on)


@keeps("LG-S10.1")
def refund_when_unavailable(confirmed_impossible_on: date) -> date:
    """Return by when all is refunded of what was sold and can't be had any more: 30 days."""
    return confirmed_impossible_on + timedelta(days=IMPOSSIBLE_REFUND_DAYS)
