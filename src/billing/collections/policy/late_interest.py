"""Late payment: simple interest on the unpaid balance, day by day over 365, and a flat fee."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.invoicing.policy.paid import Payment
from billing.invoicing.policy.pauses import Pause, days_running, due_after_pauses
from billing.money.policy.money import round_cents
from billing.money.policy.rates import HalfYear, Rates
from contracts.policy.clauses import keeps

DAYS_A_YEAR = 365  # in leap years too

PROFESSIONAL_STATUTORY_TIMES = 3

PROFESSIONAL_ECB_POINTS = 10

PUBLIC_BODY_ECB_POINTS = 8

REGIMES = ("professional", "consumer", "public_body")


class InvalidCalculation(ValueError):
    """Raised when the dates and amounts of a statement contradict each other."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Days (after `starts_on`, up to and including `ends_on`) during which the same balance was unpaid."""

    starts_on: date
    ends_on: date
    base_cents: int
    rate_pct: Decimal
    interest_cents: int

    @property
    def days(self) -> int:
        """Return the days that count: from the day after the start to the last day included."""
        return (self.ends_on - self.starts_on).days


@dataclass(frozen=True, slots=True)
class InterestCalculation:
    """What a late payer owes on top of the price; outside VAT."""

    customer_type: str
    clause: str
    rate_pct: Decimal | None
    rate_reason: str
    segments: tuple[Segment, ...]
    interest_cents: int
    flat_fee_cents: int
    unpaid_cents: int

    @property
    def total_cents(self) -> int:
        """Return interest and flat fee together."""
        return self.interest_cents + self.flat_fee_cents


@keeps("LG-S6.3p")
def professional_rate(due_on: date, rates: Rates) -> Decimal:
    """Return the yearly rate in per cent that a late professional pays, frozen for an invoice by its due
    date.

    The higher of three times the statutory rate (other creditors) and the ECB rate plus 10 points, both of
    the half-year of the due date. Raises UnknownRate.
    """
    half = HalfYear.of(due_on)
    statutory = rates.statutory(half).other_pct * PROFESSIONAL_STATUTORY_TIMES
    return max(statutory, rates.ecb(half) + PROFESSIONAL_ECB_POINTS)


def public_body_rate(due_on: date, rates: Rates) -> Decimal:
    """Return the yearly rate in per cent that a late public body pays: ECB plus 8 points.

    Of the half-year in which interest starts, the day after the due date. Raises UnknownRate.
    Source: code de la commande publique, art. R2192-31 and following.
    """
    return rates.ecb(HalfYear.of(date.fromordinal(due_on.toordinal() + 1))) + PUBLIC_BODY_ECB_POINTS


@keeps("LG-S6.3c")
def consumer_rate(notice_on: date, rates: Rates, *, column: str = "individual") -> Decimal:
    """Return the yearly rate in per cent that a late consumer pays.

    The statutory one on the day of the notice.

    `column`: the profile's parameter, "individual" (the contract's words) or "other". Raises UnknownRate.
    """
    if column not in {"individual", "other"}:
        raise ValueError(f"the statutory table has no column {column!r}")
    statutory = rates.statutory(HalfYear.of(notice_on))
    return statutory.individual_pct if column == "individual" else statutory.other_pct


@keeps("LG-S6.3c", "LG-S6.3d")
def notice_that_counts(sent: Iterable[date], *, due_on: date) -> date | None:
    """Return the formal notice a consumer's interest runs from: the first not before the day that holds now.

    More time granted since puts an end to an earlier one; interest waits for another.
    """
    return min((day for day in sent if day >= due_on), default=None)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What an earlier claim of the same invoice asked."""

    interest_cents: int
    flat_fee_cents: int

    @property
    def total_cents(self) -> int:
        """Return interest and flat fee together."""
        return self.interest_cents + self.flat_fee_cents


@keeps("LG-S6.3p", "LG-S6.3c")
def left_to_claim(owed: InterestCalculation, earlier: Iterable[Claimed]) -> Claimed:
    """Return what a new claim asks: what no earlier one did, and the flat fee once for ever."""
    asked = list(earlier)
    interest_cents = owed.interest_cents - sum(each.interest_cents for each in asked)
    fee_cents = 0 if sum(each.flat_fee_cents for each in asked) > 0 else owed.flat_fee_cents
    return Claimed(max(0, interest_cents), fee_cents)


@keeps("LG-S6.3p", "LG-S6.3c")
def too_much_claimed(owed: InterestCalculation, earlier: Iterable[Claimed]) -> Claimed:
    """Return what claims asked beyond what is owed up to the day of the last of them.

    A payment of an earlier day was recorded since, or more time was granted.
    """
    asked = list(earlier)
    interest_cents = sum(each.interest_cents for each in asked) - owed.interest_cents
    fee_cents = sum(each.flat_fee_cents for each in asked) - owed.flat_fee_cents
    return Claimed(max(0, interest_cents), max(0, fee_cents))


def corrections(too_much: Claimed, claims: Iterable[Claimed]) -> list[Claimed]:
    """Return what is taken off each claim, the last of them first; none gives back more than it asked."""
    interest_cents = too_much.interest_cents
    fee_cents = too_much.flat_fee_cents
    found = []
    for claim in claims:
        part = Claimed(min(interest_cents, claim.interest_cents), min(fee_cents, claim.flat_fee_cents))
        interest_cents -= part.interest_cents
        fee_cents -= part.flat_fee_cents
        found.append(part)
    return found


@keeps("LG-S6.3p")
def flat_fee_in(currency: str, *, cents: int) -> int:
    """Return the flat fee of a late invoice in cents.

    Owed in euros, it is added to no other currency's claim.
    """
    return cents if currency == "EUR" else 0


@keeps("LG-S6.3p", "LG-S6.3c")
def late_interest(
    *,
    customer_type: str,
    amount_cents: int,
    due_on: date,
    payments: Iterable[Payment],
    rates: Rates,
    flat_fee_cents: int,
    notice_on: date | None = None,
    as_of: date | None = None,
    consumer_column: str = "individual",
    pauses: Iterable[Pause] = (),
) -> InterestCalculation:
    """Return the statement of a late invoice, in cents.

    Its segments, the interest, the flat fee, what is unpaid.

    `amount_cents` and payments include VAT. Days count from the day after the due date (a consumer's: after
    the formal notice, without which nothing runs) to the day of payment included. Each payment closes a
    segment and each segment is rounded half up. Without `as_of` everything must have been paid; with it,
    later payments are left out and the unpaid balance runs to that day. The flat fee is owed once, never by a
    consumer. No day counts on which one of `pauses` suspends the payment; what would fall due on one is due
    after it. Raises InvalidCalculation, UnknownRate.
    """
    pauses = list(pauses)
    due_on = due_after_pauses(due_on, pauses)
    paid = _checked(customer_type, amount_cents, due_on, payments, notice_on, as_of)
    unpaid = amount_cents - sum(paid.values())
    starts_on = due_on if customer_type != "consumer" else notice_on
    clause = "LG-S6.3c" if customer_type == "consumer" else "LG-S6.3p"
    ends_on = as_of if unpaid and as_of else max(paid, default=due_on)
    running = days_running(starts_on, ends_on, pauses) if starts_on else []
    if starts_on is None or not any(_balance(amount_cents, paid, first) for first, _last in running):
        return InterestCalculation(customer_type, clause, None, "", (), 0, 0, unpaid)
    rate_pct, reason = _rate(customer_type, starts_on, rates, consumer_column)
    segments = tuple(
        segment for first, last in running for segment in _segments(amount_cents, paid, first, last, rate_pct)
    )
    fee_cents = 0 if customer_type == "consumer" else flat_fee_cents
    interest_cents = sum(segment.interest_cents for segment in segments)
    return InterestCalculation(
        customer_type, clause, rate_pct, reason, segments, interest_cents, fee_cents, unpaid
    )


def _checked(
    customer_type: str,
    amount_cents: int,
    due_on: date,
    payments: Iterable[Payment],
    notice_on: date | None,
    as_of: date | None,
) -> dict[date, int]:
    """Return what was paid per day, up to `as_of`; raise InvalidCalculation on contradictions."""
    if customer_type not in REGIMES:
        raise InvalidCalculation(f"no regime {customer_type!r}, only {', '.join(REGIMES)}")
    if amount_cents <= 0:
        raise InvalidCalculation("the amount of the invoice must be more than 0")
    if customer_type == "consumer" and notice_on and notice_on < due_on:
        raise InvalidCalculation("the formal notice comes after the due date, never before it")
    paid = _paid_per_day(payments, as_of)
    if sum(paid.values()) > amount_cents:
        raise InvalidCalculation("the payments are more than the invoice")
    if as_of is None and sum(paid.values()) < amount_cents:
        raise InvalidCalculation("a balance is unpaid: say up to which day to count (as of)")
    return paid


def _paid_per_day(payments: Iterable[Payment], as_of: date | None) -> dict[date, int]:
    paid: dict[date, int] = {}
    for payment in payments:
        if payment.amount_cents <= 0:
            raise InvalidCalculation("the amount of a payment must be more than 0")
        if as_of is None or payment.paid_on <= as_of:
            paid[payment.paid_on] = paid.get(payment.paid_on, 0) + payment.amount_cents
    return paid


def _balance(amount_cents: int, paid: dict[date, int], day: date) -> int:
    """Return what was unpaid when a day ended."""
    return amount_cents - sum(cents for paid_on, cents in paid.items() if paid_on <= day)


def _rate(customer_type: str, starts_on: date, rates: Rates, column: str) -> tuple[Decimal, str]:
    """Return the rate and how it was found, in words for the worksheet."""
    if customer_type == "consumer":
        rate = consumer_rate(starts_on, rates, column=column)
        return rate, f"statutory rate ({column}) of {HalfYear.of(starts_on)}"
    if customer_type == "public_body":
        half = HalfYear.of(date.fromordinal(starts_on.toordinal() + 1))
        return public_body_rate(starts_on, rates), f"ECB {rates.ecb(half)} + {PUBLIC_BODY_ECB_POINTS}, {half}"
    half = HalfYear.of(starts_on)
    statutory = rates.statutory(half).other_pct
    ecb = rates.ecb(half)
    reason = (
        f"max({PROFESSIONAL_STATUTORY_TIMES} x {statutory}, ECB {ecb} + {PROFESSIONAL_ECB_POINTS}), {half}"
    )
    return professional_rate(starts_on, rates), reason


def _segments(
    amount_cents: int, paid: dict[date, int], starts_on: date, ends_on: date, rate_pct: Decimal
) -> tuple[Segment, ...]:
    closings = sorted({day for day in paid if starts_on < day <= ends_on} | {ends_on})
    segments = []
    for opened_on, closed_on in zip([starts_on, *closings], closings, strict=False):
        if base_cents := _balance(amount_cents, paid, opened_on):
            interest = base_cents * rate_pct * (closed_on - opened_on).days / (100 * DAYS_A_YEAR)
            segments.append(Segment(opened_on, closed_on, base_cents, rate_pct, round_cents(interest)))
    return tuple(segments)
