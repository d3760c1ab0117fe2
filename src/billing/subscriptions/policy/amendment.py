"""Changing a contract that runs: what it does, and what it costs until the term's end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from billing.money.policy.calendar_months import subtract_months
from billing.money.policy.money import round_cents
from contracts.policy.clauses import keeps


class NotMore(ValueError):
    """Raised when the change adds nothing: licences go down at a renewal only, for sums to term stay due."""


class TermOver(ValueError):
    """Raised when the contract has no day left to pay for, or no end to count to."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """The price and the effect of adding licences to a contract that runs (half-open period)."""

    licences_before: int
    licences_after: int
    starts_on: date
    ends_on: date
    days: int
    days_of_term: int
    unit_net_cents: int
    term_price_cents: int = field(default=0, compare=False)  # of one for a whole term

    @property
    def added(self) -> int:
        """Return how many licences it adds."""
        return self.licences_after - self.licences_before

    @property
    def last_day(self) -> date:
        """Return the last day it pays for."""
        return self.ends_on - timedelta(days=1)

    @property
    def net_cents(self) -> int:
        """Return what it costs excluding VAT."""
        return self.added * self.unit_net_cents


@keeps("LG-S15")
def amendment(
    *,
    licences_before: int,
    licences_after: int,
    term_price_cents: int,
    term_months: int,
    counts_from: date,
    ends_on: date | None,
    term_starts_on: date | None = None,
) -> Amendment:
    """Return the effect and the price of raising a contract's licences from a day to the end of its term.

    One licence costs its price for a whole term, pro rata to the days left of the term that ends on `ends_on`
    (excluded), rounded half up once per licence. The whole term is counted from the day it began; where that
    isn't known, from so many months before its end. Days before the day it began are none of it: what is
    added then is paid from that day. Raises NotMore, TermOver.
    """
    if licences_after <= licences_before:
        raise NotMore(licences_after)
    if ends_on is None or counts_from >= ends_on:
        raise TermOver(ends_on)
    starts_on = max(counts_from, term_starts_on or counts_from)
    days = (ends_on - starts_on).days
    whole = (ends_on - (term_starts_on or subtract_months(ends_on, term_months))).days
    unit = round_cents(Decimal(term_price_cents) * days / whole)
    return Amendment(licences_before, licences_after, starts_on, ends_on, days, whole, unit, term_price_cents)


@dataclass(frozen=True, slots=True)
class SiteAddition:
    """The price and the effect of one site more: licences for a whole term of its own, from its opening."""

    licences: int
    unit_net_cents: int
    term_months: int

    @property
    def net_cents(self) -> int:
        """Return what its first term costs excluding VAT."""
        return self.licences * self.unit_net_cents


@keeps("LG-S15")
def site_addition(*, licences: int, term_price_cents: int, term_months: int) -> SiteAddition:
    """Return what one site more costs and does. Raises NotMore without a licence, TermOver without a term."""
    if licences < 1:
        raise NotMore(licences)
    if term_months < 1:
        raise TermOver(None)
    return SiteAddition(licences, term_price_cents, term_months)


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan change does to one thing that is counted: more at once, for money.

    Fewer from the next term on.
    """

    key: str
    before: int
    after: int
    more: Amendment | None = None

    @property
    def waits(self) -> bool:
        """Return whether it takes effect at the next renewal only."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing of a plan: how many there are now, from the next term on, and what one costs for a whole
    term.
    """

    key: str
    now: int
    next: int
    term_price_cents: int
    added_term_cents: int | None = None  # of one that is added, where that isn't the price of the others

    @property
    def one_more_cents(self) -> int:
        """Return what one that is added costs for a whole term."""
        return self.term_price_cents if self.added_term_cents is None else self.added_term_cents


@keeps("LG-S15")
def plan_change(
    plan: Iterable[Counted],
    wanted: Mapping[str, int],
    *,
    term_months: int,
    today: date,
    ends_on: date,
    term_starts_on: date | None = None,
) -> tuple[Change, ...]:
    """Return what changes of a plan, with the price of what is added until the term's end.

    Nothing for what stays.

    Fewer is never paid back: it is kept for the next renewal, and asking for as many as now takes it back.
    Raises ValueError below zero, TermOver.
    """
    found = []
    for each in plan:
        after = wanted.get(each.key, each.next)
        if after < 0:
            raise ValueError("a plan never counts below zero")
        if after > each.now:
            more = amendment(
                licences_before=each.now,
                licences_after=after,
                term_price_cents=each.one_more_cents,
                term_months=term_months,
                counts_from=today,
                ends_on=ends_on,
                term_starts_on=term_starts_on,
            )
            found.append(Change(each.key, each.now, after, more))
        elif after != each.next:
            found.append(Change(each.key, each.now, after))
    return tuple(found)


@keeps("LG-S15", "LG-S5.2d")
def is_of_this_term(*, signed_on: date, earlier_ends: Iterable[date], ended_on: date | None) -> bool:
    """Return whether what was signed on a day adds to the term that runs: it was priced to its own end.

    `earlier_ends` are the first days after the terms that are over.
    """
    return ended_on is None and all(day <= signed_on for day in earlier_ends)


@keeps("LG-S15")
def agreed_again(*, current: int | None, before: int | None, now: int) -> int | None:
    """Return how many are agreed for the next term once what was added is taken back, None: as many as now.

    What was said since the addition, else what was agreed before it; only fewer than there are now.
    """
    agreed = before if current is None else current
    return agreed if agreed is not None and agreed < now else None


@keeps("LG-S15")
def still_true(*, licences_now: int, licences_before: int, ends_on: date | None, today: date) -> bool:
    """Return whether the contract still is as the amendment found it: else it needs a new version."""
    return licences_now == licences_before and (ends_on is None or today < ends_on)
