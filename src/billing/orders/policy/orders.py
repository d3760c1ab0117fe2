"""When an order made on a quote opens, and when it can be cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.policy.calendar import add_business_days
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """Until when an order waits for its money: paid on the last day is in time."""

    counted_from: date
    last_day: date

    @property
    def cancellable_from(self) -> date:
        """Return the first day on which the unpaid order can be cancelled."""
        return self.last_day + timedelta(days=1)


@keeps("LG-S5.2c")
def payment_term(
    *,
    quoted_on: date,
    confirmed_on: date,
    holidays: frozenset[date],
    business_days: int,
    closed: frozenset[date] = frozenset(),
    extended_until: date | None = None,
) -> PaymentTerm:
    """Return until when an order can wait for its money before it becomes cancellable.

    So many business days of the client's calendar after the later of the quote's date and its confirmation; a
    deferral accepted in writing moves the start to its day.
    """
    start = max(quoted_on, confirmed_on, extended_until or confirmed_on)
    return PaymentTerm(start, add_business_days(start, business_days, holidays=holidays, closed=closed))


@keeps("LG-S6.2", "LG-S5.2c")
def cheque_due_by(method: str, *, cancellable_on: date) -> date | None:
    """Return the last day a cheque that comes by post has: the one before its order can be cancelled.

    None for money that is sent at once.
    """
    return cancellable_on - timedelta(days=1) if method == "cheque" else None


@keeps("LG-S5.2c")
def is_cancellable(*, cancellable_on: date, today: date, is_paid: bool) -> bool:
    """Return whether an order can be cancelled today for want of payment."""
    return not is_paid and today >= cancellable_on


@dataclass(frozen=True, slots=True)
class Funds:
    """What is known of the money of an order."""

    method: str  # "cheque", "transfer", "card", …
    received_on: date | None = None
    credited_on: date | None = None
    execution_proved_on: date | None = None


@keeps("LG-S5.2d")
def may_open(funds: Funds, *, today: date, specific_terms_signed: bool = False) -> bool:
    """Return whether goods may ship and subscriptions open: the money is credited.

    A cheque received isn't credited; written proof of execution stands in for credit for a transfer only; a
    deferral changes nothing here; only specific terms signed with the client do.
    """
    if specific_terms_signed:
        return True
    if funds.credited_on is not None and funds.credited_on <= today:
        return True
    proof = funds.execution_proved_on
    return funds.method == "transfer" and proof is not None and proof <= today


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What an invoice of an order asked, what of it credit notes took back, and what is left to pay.

    `has_lines_left`: credit notes left something of a product it names.
    """

    gross_cents: int
    taken_back_cents: int
    left_cents: int
    was_written_off: bool = False
    is_down_payment: bool = False
    has_lines_left: bool = False

    @property
    def is_taken_back(self) -> bool:
        """Return whether credit notes took back all it asked."""
        return 0 < self.gross_cents <= self.taken_back_cents


def is_sale_taken_back(asked: Iterable[AskedFor]) -> bool:
    """Return whether nothing of a sale stands: credit notes took back all that it asked, or its last invoice.

    Down payments that stand beside it are the client's money; where credit notes took lines of it back and
    left others, they pay for these.
    """
    known = list(asked)
    sales = [each for each in known if not each.is_down_payment]
    rest = sum(each.gross_cents - each.taken_back_cents for each in known)
    is_free = not any(each.gross_cents for each in known)
    pays_for_lines = rest > 0 and any(each.has_lines_left for each in sales)
    taken_back = bool(sales) and all(each.is_taken_back for each in sales) and not pays_for_lines
    return taken_back or (not is_free and rest <= 0)


@keeps("LG-S5.2d", "LG-S8")
def is_sale_paid(asked: Iterable[AskedFor]) -> bool:
    """Return whether all an order asks was asked and paid, and is still sold.

    A deposit alone opens nothing, nor a loss, nor what credit notes took back, whatever came for it before.
    """
    known = list(asked)
    settled = all(each.left_cents <= 0 and not each.was_written_off for each in known)
    return settled and any(not each.is_down_payment for each in known) and not is_sale_taken_back(known)


@keeps("LG-S8")
def owned_from(
    concluded_on: date, asked: Iterable[tuple[int, Iterable[tuple[date | None, int]]]]
) -> date | None:
    """Return the day from which what was sold is the client's: nothing is left of any invoice.

    `asked` holds what each invoice asked and what pays it, with its day; None where money is only proved,
    then it is nobody's yet. Never before the sale was concluded.
    """
    days = [concluded_on]
    for gross_cents, shares in asked:
        left = gross_cents
        known = list(shares)
        for day, cents in sorted((share for share in known if share[0]), key=lambda share: str(share[0])):
            left -= cents
            if left <= 0 < left + cents and day:
                days.append(day)
        if left > 0:
            return None
    return max(days)


@keeps("MC-0")
def binds(state: str) -> bool:
    """Return whether a quote in this state forms the contract, which neither side can take back.

    It is signed.
    """
    return state == "signed"
