"""What happens when the shelf is empty: before the order is validated, and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from contracts.policy.clauses import keeps

ANSWER_DAYS = 7


@dataclass(frozen=True, slots=True)
class Shortage:
    """A thing of which there isn't enough, and what the client may do about it."""

    product: str
    wanted: int
    left: int
    choices: tuple[str, ...]


class OutOfStock(ValueError):
    """Raised when an order can't be validated until the client has chosen."""

    def __init__(self, shortages: tuple[Shortage, ...]) -> None:
        super().__init__(", ".join(each.product for each in shortages))
        self.shortages = shortages


@keeps("LG-S10.1")
def check_stock(wanted: Mapping[str, int], left: Mapping[str, int | None]) -> None:
    """Raise OutOfStock when something of the cart is gone.

    The client chooses an equivalent or removal, then validates.

    A stock of None isn't counted: subscriptions and services don't run out.
    """
    short = [
        Shortage(
            key, quantity, there, ("equivalent", "fewer", "remove") if there else ("equivalent", "remove")
        )
        for key, quantity in wanted.items()
        if (there := left.get(key)) is not None and there < quantity
    ]
    if short:
        raise OutOfStock(tuple(short))


@keeps("LG-S10.1")
def after_validation(*, client_agrees: bool | None) -> Literal["ask", "equivalent", "refund"]:
    """Return what becomes of an order whose thing is gone.

    An equivalent with the client's express agreement only.

    Without an answer they are asked; on a no all of it is refunded.
    """
    if client_agrees is None:
        return "ask"
    return "equivalent" if client_agrees else "refund"


@keeps("LG-S10.1")
def answer_by(confirmed_impossible_on: date) -> date:
    """Return the last day on which a client may agree to an equivalent; unanswered, all of it is refunded.

    Early enough for the refund to be there within its 30 days.
    """
    return confirmed_impossible_on + timedelta(days=ANSWER_DAYS)


@keeps("LG-S10.1")
def substitute_price(*, paid_cents: int, listed_cents: int) -> int:
    """Return what one of an equivalent costs the client.

    Its own price, never more than what they agreed to pay.
    """
    return min(paid_cents, listed_cents)
