"""What a credit note may take back: never more than was asked, line by line, and in the end exactly as
much; what goes beyond an order's last invoice comes back from its down payments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from billing.money.policy.money import round_cents, split
from billing.money.policy.vat import Subtotal, Totals, net_of_line

Row = tuple[object, str, str]  # rate, category, reason


class TooMuchCredited(ValueError):
    """Raised when a line would be credited beyond what is left of it."""

    def __init__(self, position: int, left_cents: int) -> None:
        super().__init__(f"line {position}: {left_cents} cents are left to credit")
        self.position = position
        self.left_cents = left_cents


def check_left(wanted: Mapping[int, int], left: Mapping[int, int]) -> None:
    """Raise TooMuchCredited where more of a line would go back than its client still pays of it."""
    for position, cents in wanted.items():
        if position in left and cents > left[position]:
            raise TooMuchCredited(position, left[position])


def taken_out(
    wanted: Mapping[int, int], left: Mapping[int, int], *, here: Mapping[int, int], stays: Mapping[int, int]
) -> dict[int, int]:
    """Return by position how many things leave no more, of those that are `here`.

    All of a line that is credited in full; else so many as a person says (`stays`).
    """
    whole = {at: here[at] for at, cents in wanted.items() if at in here and cents >= left.get(at, 0)}
    return dict(stays) | whole


class DeductedElsewhere(ValueError):
    """Raised when a whole down payment would be credited by itself that an invoice deducts; says which."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class NothingCredited(ValueError):
    """Raised when a credit note would take nothing back."""


@dataclass(frozen=True, slots=True)
class Creditable:
    """A line of an issued document: what it asked, excluding VAT, and what earlier notes took back of it."""

    position: int
    net_cents: int
    credited_cents: int = 0

    @property
    def left_cents(self) -> int:
        """Return what can still be taken back; below zero for a line that took something off."""
        return self.net_cents - self.credited_cents


def amounts_to_credit(
    lines: Iterable[Creditable], wanted: Mapping[int, int] | None = None, *, whole: bool = False
) -> dict[int, int]:
    """Return by position the net cents to credit: what is wanted, or all that is left (`whole`).

    Raises TooMuchCredited past what is left of a line, or with the other sign; NothingCredited when it comes
    to nothing.
    """
    found: dict[int, int] = {}
    for line in lines:
        cents = line.left_cents if whole else (wanted or {}).get(line.position, 0)
        fits = 0 <= cents <= line.left_cents if line.left_cents >= 0 else line.left_cents <= cents <= 0
        if not fits:
            raise TooMuchCredited(line.position, line.left_cents)
        if cents:
            found[line.position] = cents
    if not found or sum(found.values()) <= 0:
        raise NothingCredited
    return found


@dataclass(frozen=True, slots=True)
class LineRemaining:
    """A line of an order's invoice: how it is taxed, what is left of it, whether it deducts a down
    payment, and whether a discount was on it: none is on delivery and other charges.
    """

    position: int
    tax: str
    left_cents: int
    deducts: bool = False
    is_discounted: bool = True


@dataclass(frozen=True, slots=True)
class OrderCredit:
    """What goes back over an order: of its invoice by position, of its down payments by tax."""

    amounts: Mapping[int, int]
    from_down_payments: Mapping[str, int] = field(default_factory=dict)


def remaining(lines: Iterable[LineRemaining], down_payments: Mapping[str, int]) -> dict[str, int]:
    """Return by tax the net cents that can still go back over an order.

    What is left of its invoice, discounts and down payments deducted, and of those down payments.
    """
    known = list(lines)
    found: dict[str, int] = {}
    for tax in {line.tax for line in known}:
        mine = [line for line in known if line.tax == tax]
        found[tax] = sum(line.left_cents for line in mine) + min(
            _deducted(mine), max(0, down_payments.get(tax, 0))
        )
    return found


def credit_over_order(
    wanted: Mapping[int, int], lines: Iterable[LineRemaining], down_payments: Mapping[str, int]
) -> OrderCredit:
    """Return how a credit of lines, in net cents by position, is shared over the invoices of an order.

    `down_payments` is what is left of them by tax. Beyond what all of them asked, discounts that were given
    go back too; beyond what the invoice asked once its down payments were deducted, those come back. Raises
    TooMuchCredited past what remains of a tax.
    """
    known = list(lines)
    most = remaining(known, down_payments)
    amounts = {position: cents for position, cents in wanted.items() if cents}
    back: dict[str, int] = {}
    for tax in sorted({line.tax for line in known if amounts.get(line.position)}):
        mine = [line for line in known if line.tax == tax]
        asked = sum(amounts.get(line.position, 0) for line in mine)
        discounts = [line for line in mine if not line.deducts and line.position not in wanted]
        if most[tax] > 0:
            asked -= _give(amounts, discounts, asked - most[tax])
        if asked > max(0, most[tax]):
            raise _too_much(mine, amounts, asked - max(0, most[tax]))
        deducting = [line for line in mine if line.deducts and line.position not in wanted]
        if given := _give(amounts, deducting, asked - sum(line.left_cents for line in mine)):
            back[tax] = given
    return OrderCredit(amounts, back)


def net_of_discounts(wanted: Mapping[int, int], lines: Iterable[LineRemaining]) -> dict[int, int]:
    """Return a credit of lines with their part of the discounts of their tax, which is below zero."""
    known = list(lines)
    found = dict(wanted)
    for discount in known:
        if discount.left_cents < 0 and not discount.deducts and discount.position not in wanted:
            alike = [
                line
                for line in known
                if line.tax == discount.tax and line.left_cents > 0 and line.is_discounted
            ]
            back = sum(wanted.get(line.position, 0) for line in alike)
            found[discount.position] = part_of(
                discount.left_cents, back, sum(line.left_cents for line in alike)
            )
    return {position: cents for position, cents in found.items() if cents}


def still_to_credit(
    wanted: Mapping[int, int],
    lines: Iterable[LineRemaining],
    down_payments: Mapping[str, int],
    given: Mapping[str, int] | None = None,
) -> dict[int, int]:
    """Return what of a wanted credit is still to be credited, given what was, in net cents by position.

    Of a line at most what is left of it, with its part of the discounts; by tax at most what remains over the
    order. `given` is what went back by tax for the same cause without naming a line.
    """
    known = list(lines)
    left = {line.position: line.left_cents for line in known}
    capped = {position: max(0, min(cents, left.get(position, 0))) for position, cents in wanted.items()}
    return within_order(net_of_discounts(capped, known), known, down_payments, given)


def within_order(
    wanted: Mapping[int, int],
    lines: Iterable[LineRemaining],
    down_payments: Mapping[str, int],
    given: Mapping[str, int] | None = None,
) -> dict[int, int]:
    """Return what of a credit with its discounts may go back: by tax at most what remains over the order.

    `given` is what went back by tax for the same cause without naming a line.
    """
    known = list(lines)
    found = dict(wanted)
    for tax, most in remaining(known, down_payments).items():
        mine = [line.position for line in known if line.tax == tax and line.position in found]
        asked = sum(found[position] for position in mine)
        _lower(found, mine, asked - max(0, min(most, asked - (given or {}).get(tax, 0))))
    return {position: cents for position, cents in found.items() if cents}


def price_kept(
    lines: Iterable[LineRemaining], before: Mapping[int, int], by_hand: Mapping[str, int]
) -> dict[int, int]:
    """Return by position what lines cost once all reductions are off, in net cents, discounts not deducted.

    `before` was credited of them for the cause at hand and is no reduction; `by_hand` is what their down
    payments gave by tax otherwise: each line bears its part.
    """
    return {line: cents for line, cents in amounts_kept(lines, before, by_hand).items() if cents > 0}


def amounts_kept(
    lines: Iterable[LineRemaining], before: Mapping[int, int], by_hand: Mapping[str, int]
) -> dict[int, int]:
    """Return what `price_kept` does, of the lines of discounts too: theirs is below zero."""
    known = [line for line in lines if not line.deducts]
    asked = {line.position: line.left_cents + before.get(line.position, 0) for line in known}
    found = {}
    for line in known:
        whole = sum(asked[each.position] for each in known if each.tax == line.tax)
        cents = asked[line.position]
        found[line.position] = cents - part_of(max(0, by_hand.get(line.tax, 0)), cents, whole)
    return found


def _lower(amounts: dict[int, int], positions: Iterable[int], over: int) -> None:
    """Take what is too much off the lines that ask something, the largest first."""
    for position in sorted(positions, key=lambda each: -amounts[each]):
        part = max(0, min(over, amounts[position]))
        amounts[position] -= part
        over -= part


def gross_part(
    cents: int, *, net_cents: int, gross_cents: int | None, rate_pct: Decimal | None
) -> int | None:
    """Return what a part of a line priced with VAT comes to with it, to the cent the client paid.

    None where the line has no such price, or no price with VAT comes to that part: its VAT is counted on it.
    """
    if gross_cents is None:
        return None
    gross = part_of(gross_cents, cents, net_cents)
    return gross if net_of_line(1, 0, gross, rate_pct) == cents else None


def part_of(cents: int, count: int, whole: int) -> int:
    """Return the part of an amount that so many of a whole have, in cents rounded once."""
    return round_cents(Decimal(cents) * count / whole) if whole else 0


def given_by_down_payments(
    lines: Iterable[LineRemaining], down_payments: Mapping[str, int]
) -> dict[str, int]:
    """Return by tax the cents that went back from down payments alone.

    An invoice that asked nothing more after them has no note of its own: its lines still look whole.
    """
    known = list(lines)
    found = {}
    for tax in {line.tax for line in known}:
        deducted = _deducted(line for line in known if line.tax == tax)
        if cents := max(0, deducted - max(0, down_payments.get(tax, 0))):
            found[tax] = cents
    return found


def _deducted(lines: Iterable[LineRemaining]) -> int:
    return -sum(line.left_cents for line in lines if line.deducts and line.left_cents < 0)


def _give(amounts: dict[int, int], lines: Iterable[LineRemaining], over: int) -> int:
    """Return how much of what goes over was put on lines that took something off, below zero."""
    given = 0
    for line in lines:
        cents = min(over - given, -line.left_cents)
        if cents > 0:
            amounts[line.position] = -cents
            given += cents
    return given


def _too_much(lines: Iterable[LineRemaining], amounts: Mapping[int, int], over: int) -> TooMuchCredited:
    line = max(lines, key=lambda each: amounts.get(each.position, 0))
    return TooMuchCredited(line.position, max(0, amounts[line.position] - over))


def settled_vat(
    note: Totals, *, asked: Mapping[Row, tuple[int, int]], earlier: Mapping[Row, tuple[int, int]]
) -> Totals:
    """Return a credit note's totals with the last note's VAT made to fit.

    All notes together give back all the VAT.

    `asked` is the invoice's (net, VAT) per row, `earlier` what notes before this one gave back. Rounding once
    per document can be a cent off over several notes; the note that takes the last of a row takes the rest of
    its VAT.
    """
    parts = tuple(
        _fitted(part, asked[_key(part)], earlier.get(_key(part), (0, 0))) for part in note.subtotals
    )
    return Totals(note.net_cents, sum(part.vat_cents for part in parts), parts)


def with_natures(note: Totals, taken: Mapping[Row, Mapping[str, int]]) -> Totals:
    """Return a credit note's totals, each row shared out by the natures of what is `taken` back at its tax.

    For a note on a down payment, whose own lines don't say what they are for.
    """
    return replace(
        note, subtotals=tuple(_natured(part, taken.get(_key(part), {})) for part in note.subtotals)
    )


def _natured(part: Subtotal, taken: Mapping[str, int]) -> Subtotal:
    names = sorted(name for name, cents in taken.items() if cents > 0)
    if not names:
        return part
    shares = split(part.net_cents, [taken[name] for name in names])
    return replace(part, natures=tuple(zip(names, shares, strict=True)))


def _key(part: Subtotal) -> Row:
    return part.rate_pct, part.category, part.reason


def _fitted(part: Subtotal, asked: tuple[int, int], earlier: tuple[int, int]) -> Subtotal:
    net_left = asked[0] - earlier[0]
    vat_left = asked[1] - earlier[1]
    vat_cents = vat_left if part.net_cents == net_left else min(part.vat_cents, vat_left)
    return Subtotal(part.rate_pct, part.net_cents, vat_cents, part.category, part.reason)
