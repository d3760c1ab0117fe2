"""When VAT falls due: on debits when invoiced, else when paid; on goods when they leave.

To the cent, event by event.

Source: article 269 of the French tax code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money.policy.money import split

ISSUED = "issued"

SUPPLIED = "supplied"

CREDITED = "credited"

PAID = "paid"

UNPAID = "unpaid"

LOST = "lost"

REGAINED = "regained"  # what was given up is asked again, before anything else of its day

_ORDER = (ISSUED, SUPPLIED, REGAINED, CREDITED, PAID, UNPAID, LOST)  # on one day


@dataclass(frozen=True, slots=True)
class Part:
    """What a sum is taxed as: where, at which rate (None: outside the scope), why, goods or services."""

    country: str
    rate_pct: Decimal | None
    category: str
    reason: str
    nature: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A base and its VAT, in cents."""

    base_cents: int
    vat_cents: int


Parts = Mapping[Part, Sum]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an invoice: money that came or left (`cents`), a credit note (`parts`), its issue, its
    supply, what was given up of it (`parts`) and of that what stays due (`kept`); below zero when undone.
    """

    on: date
    kind: str
    cents: int = 0
    parts: Parts | None = None
    kept: Parts | None = None
    label: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """What an event made due of one part of an invoice; below zero it is taken back."""

    on: date
    part: Part
    base_cents: int
    vat_cents: int
    kind: str
    label: str
    key: str


def natures(vat_cents: int, nets: Mapping[str, int]) -> dict[str, Sum]:
    """Return the VAT of one rate of a document shared out between goods and services by their net amounts."""
    shares = split(vat_cents, list(nets.values()))
    return {name: Sum(net, vat) for (name, net), vat in zip(nets.items(), shares, strict=True)}


def due_of(asked: Parts, events: Iterable[Event], *, on_debits: bool) -> list[Due]:
    """Return what fell due of an invoice, event by event.

    Paid in full, that is its VAT, less what was credited.

    `on_debits`: the seller's option when it was issued; without it services fall due as they are paid. Goods
    know no option: they fall due when they are supplied, and before that as they are paid. Money is shared
    out over all that is left to pay, rate by rate; money that leaves takes its part back; a credit note takes
    back what had fallen due of it.
    """
    parts = sorted(asked, key=_rank)
    state = _State(_cells(asked, parts))
    found: list[Due] = []
    for event in _in_order(events):
        before = state.due(parts, on_debits)
        state.take(event, parts)
        after = state.due(parts, on_debits)
        found += _changes(event, parts, before, after)
    return found


@dataclass(frozen=True, slots=True)
class LostPart:
    """What is given up of one part of an invoice, and whether its VAT had fallen due already."""

    part: Part
    lost: Sum
    is_due: bool


def loss_of(asked: Parts, events: Iterable[Event], cents: int, *, on_debits: bool) -> list[LostPart]:
    """Return what is given up of each part when so many cents of the rest of an invoice are.

    The rest is shared out as money would be. Raises ValueError past it.
    """
    parts = sorted(asked, key=_rank)
    state = _State(_cells(asked, parts))
    for event in _in_order(events):
        state.take(event, parts)
    room = [one - other for one, other in zip(state.asked, state.covered, strict=True)]
    if not 0 < cents <= sum(room):
        raise ValueError(f"{cents} of {sum(room)} cents")
    shares = split(cents, room)
    found = [
        LostPart(part, Sum(shares[2 * n], shares[2 * n + 1]), state.at_once(part, on_debits))
        for n, part in enumerate(parts)
    ]
    return [each for each in found if each.lost != Sum(0, 0)]


def _cells(asked: Parts, parts: Iterable[Part]) -> list[int]:
    found = (asked.get(part, Sum(0, 0)) for part in parts)
    return [n for each in found for n in (each.base_cents, each.vat_cents)]


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda each: (each.on, _ORDER.index(each.kind)))


def _rank(part: Part) -> tuple[bool, Decimal, str, str, str]:
    return part.rate_pct is None, -(part.rate_pct or Decimal(0)), part.category, part.reason, part.nature


class _State:
    """An invoice between two events: what is asked, what money covers of it, cell by cell (base, VAT of each
    part).
    """

    def __init__(self, asked: list[int]) -> None:
        self.asked = asked
        self.covered = [0] * len(asked)
        self.kept = [0] * len(asked)
        self.money = 0
        self.is_issued = False
        self.is_supplied = False

    def take(self, event: Event, parts: list[Part]) -> None:
        self.is_issued |= event.kind == ISSUED
        self.is_supplied |= event.kind == SUPPLIED
        self.money += event.cents
        if event.parts:
            taken = _cells(event.parts, parts)
            self.asked = [one - other for one, other in zip(self.asked, taken, strict=True)]
        if event.kept:
            self.kept = [one + more for one, more in zip(self.kept, _cells(event.kept, parts), strict=True)]
        self.covered = _fitted(self.covered, self.asked, self.money)

    def due(self, parts: list[Part], on_debits: bool) -> list[int]:
        at_once = [self.at_once(part, on_debits) for part in parts]
        pairs = zip(self.asked, self.covered, strict=True)
        due = [asked if at_once[n // 2] else covered for n, (asked, covered) in enumerate(pairs)]
        return [one + kept for one, kept in zip(due, self.kept, strict=True)]

    def at_once(self, part: Part, on_debits: bool) -> bool:
        """Return whether the VAT of a part is due without its money."""
        return self.is_supplied if part.nature == "goods" else self.is_issued and on_debits


def _fitted(covered: list[int], asked: list[int], money: int) -> list[int]:
    """Return what money covers of each cell.

    All of it when it is enough, else no cent more nor less than there is.
    """
    if money >= sum(asked):
        return list(asked)
    kept = [
        max(min(one, most), 0) if most >= 0 else min(max(one, most), 0)
        for one, most in zip(covered, asked, strict=True)
    ]
    gap = money - sum(kept)
    room = [most - one for one, most in zip(kept, asked, strict=True)] if gap > 0 else kept
    return [one + more for one, more in zip(kept, split(gap, room), strict=True)]


def _changes(event: Event, parts: list[Part], before: list[int], after: list[int]) -> list[Due]:
    found = []
    for n, part in enumerate(parts):
        base, vat = (after[i] - before[i] for i in (2 * n, 2 * n + 1))
        if base or vat:
            kind = LOST if event.kind == REGAINED else event.kind  # one thing, and its reversal
            found.append(Due(event.on, part, base, vat, kind, event.label, event.key))
    return found


def without_reversed(dues: Iterable[Due]) -> list[Due]:
    """Return what fell due without the money that came and was taken back in one month."""
    known = list(dues)
    sums: dict[tuple[date, Part, str], tuple[int, int]] = {}
    for due in known:
        if due.kind in {PAID, UNPAID}:
            base, vat = sums.get(_money(due), (0, 0))
            sums[_money(due)] = (base + due.base_cents, vat + due.vat_cents)
    return [due for due in known if due.kind not in {PAID, UNPAID} or sums[_money(due)] != (0, 0)]


def _money(due: Due) -> tuple[date, Part, str]:
    return due.on.replace(day=1), due.part, due.key


def missing(wanted: Iterable[Due], booked: Iterable[Due]) -> list[Due]:
    """Return what has to be written so that the books say of each event what is wanted of it."""
    sums: dict[tuple[str, str, Part], tuple[date, str, int, int]] = {}
    for sign, dues in ((1, wanted), (-1, booked)):
        for due in dues:
            key = (due.kind, due.key, due.part)
            on, label, base, vat = sums.get(key, (due.on, due.label, 0, 0))
            latest = max(on, due.on) if sign > 0 else on
            sums[key] = (latest, label, base + sign * due.base_cents, vat + sign * due.vat_cents)
    return [
        Due(on, part, base, vat, kind, label, key)
        for (kind, key, part), (on, label, base, vat) in sums.items()
        if base or vat
    ]
