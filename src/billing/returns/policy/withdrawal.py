"""What goes back when a consumer withdraws: of which lines, how much money, and when at the latest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money.policy.money import round_cents
from contracts.policy.clauses import keeps

SOLD = "product"

DELIVERY = "shipping"

DISCOUNT = "discount"

PROCESSING = "cheque_fee"


class NothingWithdrawn(ValueError):
    """Raised when nobody says what the client withdraws from, or more than they have."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of an order; `tax` groups what a discount was spread over, `withdrawn` counts what is kept no
    more.

    `lowered_cents` is what was taken off its price because an equivalent costs less.
    """

    position: int
    kind: str
    quantity: int
    net_cents: int
    tax: str = ""
    is_goods: bool = False
    withdrawn: int = 0
    lowered_cents: int = 0

    @property
    def kept(self) -> int:
        """Return how many of it the client still has."""
        return self.quantity - self.withdrawn


@keeps("LG-S22")
def check_withdrawn_lines(lines: Iterable[Bought], taken: Mapping[int, int]) -> None:
    """Raise NothingWithdrawn unless something sold is withdrawn from, and of nothing more than the client
    still has.
    """
    sold = {line.position: line.kept for line in lines if line.kind == SOLD}
    if not any(taken.values()) or any(not 0 <= count <= sold.get(at, 0) for at, count in taken.items()):
        raise NothingWithdrawn


@keeps("LG-S22")
def withdrawn_cents(lines: Iterable[Bought]) -> dict[int, int]:
    """Return by position the net cents that go back in all, for all that has been withdrawn so far.

    The price of each thing, less its part of a discount; the delivery once nothing that is shipped is kept,
    for what is kept had to be delivered too; the fee for processing a payment once nothing at all is kept. Of
    all that was bought it is all that was asked, to the cent. The cost of sending goods back is never part of
    it.
    """
    rows = list(lines)
    sold = [line for line in rows if line.kind == SOLD]
    found = {
        line.position: line.lowered_cents + _part(_price(line), line.withdrawn, line.quantity)
        for line in sold
    }
    for line in rows:
        if line.kind == DISCOUNT:
            alike = [each for each in sold if each.tax == line.tax] or sold
            back = sum(found[each.position] for each in alike)
            whole = sum(each.net_cents for each in alike)
            found[line.position] = _part(line.net_cents, back, whole)
        elif line.kind != SOLD and not any(
            each.kept for each in sold if each.is_goods or line.kind == PROCESSING
        ):
            found[line.position] = line.net_cents
    return {position: cents for position, cents in found.items() if cents}


def _price(line: Bought) -> int:
    return line.net_cents - line.lowered_cents


def _part(cents: int, count: int, whole: int) -> int:
    return round_cents(Decimal(cents) * count / whole) if whole else 0


@keeps("LG-S22")
def to_credit(
    wanted: Mapping[int, int], *, credited: Mapping[int, int], left: Mapping[int, int]
) -> dict[int, int]:
    """Return by position the cents a further credit note takes back.

    What is wanted, less what earlier ones took.

    Never more than what is left of a line, nor with the other sign.
    """
    found = {}
    for position, cents in wanted.items():
        rest = cents - credited.get(position, 0)
        most = left.get(position, 0)
        found[position] = max(0, min(rest, most)) if most >= 0 else min(0, max(rest, most))
    return {position: cents for position, cents in found.items() if cents}


@keeps("LG-S22")
def refund_due_on(*, refund_by: date, goods_out: bool, secured_on: date | None) -> date | None:
    """Return the last day to pay back; None while the seller may wait for goods that are neither back nor
    sent.

    Article L221-24 of the French consumer code lets a seller of goods wait for the goods or the proof that
    they were sent, whichever comes first; a refund that was waiting is due on the day it comes.
    """
    if not goods_out:
        return refund_by
    return max(refund_by, secured_on) if secured_on else None


def beyond(amounts: Mapping[int, int], rows: Iterable[tuple[int, str, int, bool]]) -> dict[int, int]:
    """Return by position the cents, below zero, that give deducted deposits back on an invoice.

    A row is a line's position, its tax, what is left of it and whether it deducts a deposit. An invoice that
    asked only the rest after a deposit gives back no more than that rest: what goes beyond it comes from the
    deposit.
    """
    known = list(rows)
    found: dict[int, int] = {}
    for tax in {tax for _at, tax, _left, _deducts in known}:
        mine = [row for row in known if row[1] == tax]
        over = sum(amounts.get(at, 0) for at, *_rest in mine) - sum(
            left for _at, _tax, left, _deducts in mine
        )
        for at, _tax, left, deducts in mine:
            if deducts and over > 0 and left < 0:
                found[at] = -min(over, -left)
                over += found[at]
    return found
