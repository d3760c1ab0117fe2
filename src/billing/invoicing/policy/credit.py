"""What a credit note may take back: never more than was asked, line by line, and in the end exactly as
much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.money.policy.vat import Subtotal, Totals

Row = tuple[object, str, str]  # rate, category, reason


class TooMuchCredited(ValueError):
    """Raised when a line would be credited beyond what is left of it."""

    def __init__(self, position: int, left_cents: int) -> None:
        super().__init__(f"line {position}: {left_cents} cents are left to credit")
        self.position = position
        self.left_cents = left_cents


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


def _key(part: Subtotal) -> Row:
    return part.rate_pct, part.category, part.reason


def _fitted(part: Subtotal, asked: tuple[int, int], earlier: tuple[int, int]) -> Subtotal:
    net_left = asked[0] - earlier[0]
    vat_left = asked[1] - earlier[1]
    vat_cents = vat_left if part.net_cents == net_left else min(part.vat_cents, vat_left)
    return Subtotal(part.rate_pct, part.net_cents, vat_cents, part.category, part.reason)
