"""An order placed online: the four steps that conclude it, and why one is not taken."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.policy.clauses import keeps

REVIEW = "review"

TERMS = "terms"

PAYMENT = "payment"

CONFIRMATION = "confirmation"

STEPS = (REVIEW, TERMS, PAYMENT, CONFIRMATION)

OVERDUE = "overdue"

DISPUTED = "disputed"

ABNORMAL = "abnormal_quantity"

FRAUD = "fraud_suspected"

UNPAID = "unpaid_online"

PRICE_ERROR = "price_error"


class OutOfOrder(ValueError):
    """Raised when a step is taken before the one that goes first, or at an earlier time.

    `missing` names that one.
    """

    def __init__(self, step: str, missing: str) -> None:
        super().__init__(f"{step} before {missing}")
        self.step = step
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Steps:
    """When each step of an online order was taken; None while it wasn't."""

    review: datetime | None = None
    terms: datetime | None = None
    payment: datetime | None = None
    confirmation: datetime | None = None

    def at(self, step: str) -> datetime | None:
        """Return when a step was taken. Raises ValueError on a step there isn't."""
        if step not in STEPS:
            raise ValueError(f"no such step: {step!r}")
        return {
            REVIEW: self.review,
            TERMS: self.terms,
            PAYMENT: self.payment,
            CONFIRMATION: self.confirmation,
        }[step]


@keeps("LG-S5.1")
def take(steps: Steps, step: str, *, at: datetime) -> Steps:
    """Return the steps with one more taken; one that was taken before keeps its first time.

    The cart confirmed on its review page, the terms ticked, the payment (or the means of payment saved, where
    a trial comes first), the confirmation sent: never one before the other. Raises OutOfOrder.
    """
    if steps.at(step) is not None:
        return steps
    rank = STEPS.index(step)
    for earlier in STEPS[:rank]:
        taken = steps.at(earlier)
        if taken is None or taken > at:
            raise OutOfOrder(step, earlier)
    return replace(steps, **{step: at})


@keeps("LG-S5.1")
def next_step(steps: Steps) -> str | None:
    """Return the step an online order waits for, None once it is concluded."""
    return next((step for step in STEPS if steps.at(step) is None), None)


@keeps("LG-S5.1")
def concluded_at(steps: Steps) -> datetime | None:
    """Return when an online order was concluded: with its last step, None while one lacks."""
    return steps.confirmation if next_step(steps) is None else None


@keeps("LG-S5.1r", "LG-S5.2x", "LG-S6.3x")
def refusals(
    *, blocked: str, abnormal: Collection[str] = (), fraud_suspected: bool = False
) -> tuple[str, ...]:
    """Return why an order may be refused, the reasons as they are recorded and told; empty when it is taken.

    `blocked` is "overdue", "disputed" or "" as `suspension.blocks_orders` says; `abnormal` names the products
    of which a consumer orders too many.
    """
    found = [blocked] if blocked else []
    found += [ABNORMAL] if abnormal else []
    found += [FRAUD] if fraud_suspected else []
    return tuple(found)


@keeps("LG-S5.1r", "LG-S5.2")
def may_be_refused(steps: Steps | None) -> bool:
    """Return whether an order can still be refused: one placed online, until it is concluded.

    A signed quote is firm.
    """
    return steps is not None and concluded_at(steps) is None
