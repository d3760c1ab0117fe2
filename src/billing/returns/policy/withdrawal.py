"""What goes back when a consumer withdraws: of which lines, how much money, and when at the latest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.invoicing.policy.credit import (
    LineRemaining,
    amounts_kept,
    given_by_down_payments,
    part_of,
    within_order,
)
from contracts.policy.clauses import keeps

SOLD = "product"

DELIVERY = "shipping"

DISCOUNT = "discount"

PROCESSING = "cheque_fee"

DECIDED_WITHIN = timedelta(days=7)  # from the receipt of goods that came back incomplete


class NothingWithdrawn(ValueError):
    """Raised when nobody says what the client withdraws from, or more than they have."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of an order; `tax` groups what a discount was spread over, `withdrawn` counts what is kept no
    more.

    `lowered_cents` is what was taken off its price because an equivalent costs less, `reduced_cents` what was
    taken off for any other reason.
    """

    position: int
    kind: str
    quantity: int
    net_cents: int
    tax: str = ""
    is_goods: bool = False
    withdrawn: int = 0
    lowered_cents: int = 0
    reduced_cents: int = 0

    @property
    def price_cents(self) -> int:
        """Return what it costs once it was reduced, excluding VAT."""
        return self.net_cents - self.reduced_cents

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

    The price of each thing as it was kept, less its part of a discount; the delivery once nothing that is
    shipped is kept, for what is kept had to be delivered too; the fee for processing a payment once
    nothing at all is kept. Of all that was bought it is all that was asked, to the cent. The cost of sending
    goods back is never part of it.
    """
    rows = list(lines)
    sold = [line for line in rows if line.kind == SOLD]
    found = {line.position: _back_of(line) for line in sold}
    for line in rows:
        if line.kind == DISCOUNT:
            alike = [each for each in sold if each.tax == line.tax] or sold
            back = sum(found[each.position] for each in alike)
            whole = sum(each.price_cents for each in alike)
            found[line.position] = part_of(line.price_cents, back, whole)
        elif line.kind != SOLD and not any(
            each.kept for each in sold if each.is_goods or line.kind == PROCESSING
        ):
            found[line.position] = line.price_cents
    return {position: cents for position, cents in found.items() if cents}


def _back_of(line: Bought) -> int:
    """Return what goes back of a line: by what an equivalent costs less, then of the rest for each thing."""
    lowered = min(line.lowered_cents, line.price_cents)
    return lowered + part_of(line.price_cents - lowered, line.withdrawn, line.quantity)


@dataclass(frozen=True, slots=True)
class CreditedSoFar:
    """What is left of an order's invoice and of its down payments, and what was credited for this cause.

    `own` is what that took of each line, `given` by tax what it took of down payments without naming a line:
    all else that was credited reduced the price.
    """

    lines: Sequence[LineRemaining]
    down_payments: Mapping[str, int]
    own: Mapping[int, int]
    given: Mapping[str, int]

    def reduce(self, lines: Iterable[Bought]) -> list[Bought]:
        """Return lines of an order with what reduced their price."""
        all_given = given_by_down_payments(self.lines, self.down_payments)
        by_hand = {tax: cents - self.given.get(tax, 0) for tax, cents in all_given.items()}
        kept = amounts_kept(self.lines, self.own, by_hand)
        return [
            replace(line, reduced_cents=line.net_cents - kept.get(line.position, line.net_cents))
            for line in lines
        ]


@keeps("LG-S22", "LG-S9", "LG-S10.1")
def still_to_give_back(lines: Iterable[Bought], so_far: CreditedSoFar) -> dict[int, int]:
    """Return by position what is still to be credited of what is kept no more, in net cents.

    Of the price that was kept: what finance took off by hand, or a reduction gave, is no part of what goes
    back for a thing, nor is it credited twice.
    """
    wanted = withdrawn_cents(so_far.reduce(lines))
    left = {line.position: line.left_cents for line in so_far.lines}
    found = to_credit(wanted, credited=so_far.own, left=left)
    return within_order(found, so_far.lines, so_far.down_payments, so_far.given)


@keeps("LG-S22")
def to_credit(
    wanted: Mapping[int, int], *, credited: Mapping[int, int], left: Mapping[int, int]
) -> dict[int, int]:
    """Return by position the cents a further credit note takes back.

    What is wanted, less what earlier ones took for the same cause.

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


@dataclass(frozen=True, slots=True)
class PartWithdrawn:
    """A line withdrawn from: whether its goods had left, and since when its price can't be held back.

    `incomplete_on` is the day its goods came back incomplete, while nobody has decided what that means.
    """

    goods_out: bool
    secured_on: date | None
    is_refused: bool = False
    incomplete_on: date | None = None


@dataclass(frozen=True, slots=True)
class RefundsSoFar:
    """What went back of what credit notes took back, the last day it did, and what still is to, in cents.

    `awaits_money`: some of what the client paid isn't there yet, a cheque in hand or a transfer proved.
    `beside_cents`: what of it pays other invoices of the same order.
    """

    made_cents: int
    made_on: date | None
    left_cents: int
    awaits_money: bool = False
    beside_cents: int = 0

    @property
    def is_settled(self) -> bool:
        """Return whether nothing of it is to be given back any more: all went back, or nothing had come."""
        return self.left_cents <= 0 and not self.awaits_money


@dataclass(frozen=True, slots=True)
class RefundStanding:
    """What is so about the money of a withdrawal.

    `due_on` is the last day to pay back what can't be held back any more, None while all of it waits;
    `awaits_goods` says that a price waits for goods that are neither here nor proved to be sent;
    `decided_by` is the last day to say what becomes of the price of goods that came back incomplete.
    """

    due_on: date | None
    awaits_goods: bool
    decided_by: date | None = None


@keeps("LG-S22")
def refund_standing(parts: Iterable[PartWithdrawn], *, refund_by: date) -> RefundStanding:
    """Return what is owed back now and by when, and whether goods are waited for.

    Goods that came back in a state that gives no refund are neither owed nor waited for. Goods that came back
    incomplete are waited for no more: what they give is decided by the day they would be paid back.
    """
    asked = [part for part in parts if not part.is_refused]
    days = [
        refund_due_on(refund_by=refund_by, goods_out=part.goods_out, secured_on=part.secured_on)
        for part in asked
    ]
    known = [day for day in days if day is not None]
    open_parts = [part for part, day in zip(asked, days, strict=True) if day is None]
    decisions = [decision_due_on(part, refund_by=refund_by) for part in open_parts]
    return RefundStanding(
        due_on=max(known, default=None),
        awaits_goods=None in decisions,
        decided_by=max((day for day in decisions if day is not None), default=None),
    )


@keeps("LG-S22")
def decision_due_on(part: PartWithdrawn, *, refund_by: date) -> date | None:
    """Return the last day to decide about goods that came back incomplete; None where nothing is to decide.

    The law lets a seller wait for the goods, not look at them for long: the day of the refund, or seven days
    after they came where that is later, so that what is missing can still be sent.
    """
    if part.is_refused or part.secured_on is not None or part.incomplete_on is None:
        return None
    return max(refund_by, part.incomplete_on + DECIDED_WITHIN)
