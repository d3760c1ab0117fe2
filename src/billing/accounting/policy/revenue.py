"""What was sold month by month, what of it comes again, and what is invoiced and not served yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money.policy.calendar_months import add_months
from billing.money.policy.money import round_cents
from billing.money.policy.periods import month_of, months

KINDS = ("subscription", "goods", "service", "fees", "discount")

MONTHS_A_YEAR = 12


def kind_of(line_kind: str, product_kind: str) -> str:
    """Return what kind of revenue a line is: its product's, or why it is there.

    "" for a deposit, which is none.
    """
    if line_kind == "deposit":
        return ""
    if line_kind in {"shipping", "cheque_fee"}:
        return "fees"
    if line_kind == "discount":
        return "discount"
    return product_kind if product_kind in KINDS else "service"


@dataclass(frozen=True, slots=True)
class TermRevenue:
    """A half-open term of a subscription, its price less discounts and the months it was priced for.

    `credits`: what was credited of it, and when.
    """

    subscription: str
    starts_on: date
    ends_on: date
    net_cents: int
    months: int
    credits: tuple[tuple[date, int], ...] = ()

    def net_before(self, day: date) -> int:
        """Return its price less what was credited of it before a day."""
        return max(0, self.net_cents - sum(cents for on, cents in self.credits if on < day))


@dataclass(frozen=True, slots=True)
class MonthlyRecurringRevenue:
    """What subscriptions bring a month as they stand when a month ends, and why it changed since the month
    before.

    `won`: of subscriptions that weren't there; `lost`: of those that are gone; `more` and `less`: of those
    that stayed.
    """

    month: date
    mrr_cents: int
    new_cents: int
    churned_cents: int
    expansion_cents: int
    contraction_cents: int
    count: int

    @property
    def arr_cents(self) -> int:
        """Return the same for a year."""
        return self.mrr_cents * MONTHS_A_YEAR


def recurring(terms: Iterable[TermRevenue], *, first: date, last: date) -> list[MonthlyRecurringRevenue]:
    """Return month by month what recurs, in cents.

    Each subscription is rounded once, so that the changes add up.
    """
    known = list(terms)
    found = []
    before = _standing(known, month_of(first))
    for month in months(first, last):
        now = _standing(known, add_months(month, 1))
        gone = sum(cents for key, cents in before.items() if key not in now)
        new = sum(cents for key, cents in now.items() if key not in before)
        moves = [now[key] - before[key] for key in now if key in before]
        more = sum(n for n in moves if n > 0)
        less = -sum(n for n in moves if n < 0)
        found.append(MonthlyRecurringRevenue(month, sum(now.values()), new, gone, more, less, len(now)))
        before = now
    return found


def _standing(terms: Iterable[TermRevenue], after: date) -> Mapping[str, int]:
    """Return what each subscription brings a month, of those that run on the day before `after`."""
    found: dict[str, int] = {}
    for term in terms:
        is_taken_back = bool(term.credits) and not term.net_before(after)
        if term.starts_on < after <= term.ends_on and not is_taken_back:
            cents = round_cents(Decimal(term.net_before(after)) / term.months)
            found[term.subscription] = found.get(term.subscription, 0) + cents
    return found


@dataclass(frozen=True, slots=True)
class Served:
    """A line that was invoiced and how it is served.

    Day by day over a half-open period, at once, or not begun yet.

    Both days are None while it isn't known when it begins; a thing is served whole on `starts_on`, with no
    `ends_on`.
    """

    net_cents: int
    starts_on: date | None = None
    ends_on: date | None = None


def recognised(line: Served, on: date) -> int:
    """Return how many cents of a line are served when a day ends: by days of its period, rounded half up."""
    if line.starts_on is None or on < line.starts_on:
        return 0
    if line.ends_on is None or line.ends_on <= line.starts_on or on >= line.ends_on:
        return line.net_cents
    days = (on - line.starts_on).days + 1
    return round_cents(Decimal(line.net_cents) * days / (line.ends_on - line.starts_on).days)


def deferred(line: Served, on: date) -> int:
    """Return how many cents of a line are still to be served after a day.

    With what is served, the line itself.
    """
    return line.net_cents - recognised(line, on)


def schedule(line: Served, on: date) -> dict[date | None, int]:
    """Return in which months the deferred part of a line is served, None for what isn't known.

    It adds up to it.
    """
    left = deferred(line, on)
    if not left:
        return {}
    if line.starts_on is None:
        return {None: left}
    last = max(line.starts_on, line.ends_on or line.starts_on)
    found: dict[date | None, int] = {}
    before = recognised(line, on)
    for month in months(max(month_of(on), month_of(line.starts_on)), last):
        after = recognised(line, date.fromordinal(add_months(month, 1).toordinal() - 1))
        if cents := after - before:
            found[month] = cents
        before = after
    return found


def scheduled(lines: Iterable[Served], on: date) -> dict[date | None, int]:
    """Return what is deferred of all these lines by the month it is served in, the unknown last."""
    found: dict[date | None, int] = {}
    for line in lines:
        for month, cents in schedule(line, on).items():
            found[month] = found.get(month, 0) + cents
    return dict(sorted(found.items(), key=lambda item: (item[0] is None, item[0] or date.max)))
