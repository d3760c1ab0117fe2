"""How a subscription ends: by the client's word, by a breach, by force majeure, by withdrawal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing.catalogue.policy.catalogue import AUTOMATIC
from billing.catalogue.policy.offer import WITHDRAWAL_DAYS
from billing.money.policy.money import round_cents
from contracts.policy.calendar import business_day_from
from contracts.policy.clauses import keeps

REFUND_DAYS = 14


@keeps("LG-S20.2", "LG-S20.1")
def notice_ends_on(renewal: str, *, received_on: date, due_days: Iterable[date]) -> date | None:
    """Return the day a client's termination takes effect, None when the contract doesn't allow one.

    Automatic renewal: at the first due date that had not come when the word was received, however late it is
    processed and whatever was renewed meanwhile; a word received on the renewal day is too late for it. A
    fixed term ends by itself only.
    """
    if renewal != AUTOMATIC:
        return None
    return min((day for day in due_days if received_on < day), default=None)


@keeps("LG-S20.2")
def comes_first(effective_on: date, *, standing: Iterable[date]) -> bool:
    """Return whether a word ends a subscription earlier than all that stands: written down last, it wins."""
    return all(effective_on < day for day in standing)


@keeps("LG-S20.3s")
def suspended_may_end_on(*, told_on: date, at_once: bool, days: int) -> date:
    """Return the first day on which a suspended subscription may be terminated by e-mail.

    So many calendar days (the profile's: 15) after the message that says access has been suspended; at once
    after an immediate suspension.
    """
    return told_on if at_once else told_on + timedelta(days=days + 1)


@keeps("LG-S20.3s", "MC-4")
def founds_termination(*, is_own: bool, is_debt: bool, owes: bool) -> bool:
    """Return whether a cause that stopped access founds the end of a subscription.

    A debt may stop all that its customer has, and founds the end of what owes it alone: what is paid runs on.
    Any other cause founds the end of all that its customer has there; another customer's founds none.
    """
    return is_own and (owes or not is_debt)


@keeps("LG-S20.3m")
def force_majeure_may_end_on(started_on: date, *, days: int) -> date:
    """Return the first day on which either side may terminate for an event that lasts so many days (30)."""
    return started_on + timedelta(days=days + 1)


@keeps("LG-S20.3m")
def is_within_contract(started_on: date, ended_on: date | None, *, contract: tuple[date, date]) -> bool:
    """Return whether an event is dated within the half-open days of its contract, and ends after it began."""
    starts_on, ends_on = contract
    return starts_on <= started_on < ends_on and (ended_on is None or started_on < ended_on)


@keeps("LG-S20.3m")
def refund_pro_rata(
    net_cents: int, *, starts_on: date, ends_on: date, unserved: Iterable[tuple[date, date]]
) -> int:
    """Return what is refunded of a term's price, in cents without VAT, for half-open periods that were not
    served.

    Days count once however many periods hold them, and only those of the term.
    Raises ValueError for a term without days.
    """
    if ends_on <= starts_on:
        raise ValueError("a term has at least one day")
    days = {
        day
        for first, after in unserved
        for day in range(max(first, starts_on).toordinal(), min(after, ends_on).toordinal())
    }
    return round_cents(Decimal(net_cents) * len(days) / (ends_on - starts_on).days)


@keeps("MC-3")
def registrations_end_on(
    term_ends_on: date, *, today: date, may_end: bool, paid_until: date | None = None
) -> date | None:
    """Return the day a contract ends whose registrations are all cancelled, None where that doesn't end it.

    At the end of what is paid, whatever renews by itself: nothing is refunded, access goes on until then.
    `paid_until` is the end of the term that follows, where that is paid already.
    """
    return (paid_until or term_ends_on) if may_end and today < term_ends_on else None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Until when a consumer may change their mind, and what follows."""

    last_day: date

    def refund_by(self, told_on: date) -> date:
        """Return the last day to pay the money back after a notice."""
        return told_on + timedelta(days=REFUND_DAYS)

    def return_due_on(self, told_on: date) -> date:
        """Return the last day to send goods back after a notice."""
        return told_on + timedelta(days=WITHDRAWAL_DAYS)

    def is_open(self, told_on: date) -> bool:
        """Return whether a notice given on this day is in time."""
        return told_on <= self.last_day


@keeps("LG-S22")
def withdrawal(
    *,
    is_consumer: bool,
    concluded_on: date | None,
    holidays: frozenset[date],
    received_on: date | None = None,
    goods: bool = False,
) -> Withdrawal | None:
    """Return a consumer's right to withdraw, None for a professional.

    14 days from receipt of goods, from conclusion of a subscription; that day isn't counted, and a last day
    on a Saturday, a Sunday or a holiday runs to the next working day (code de la consommation, art.
    L221-19). While nothing was received or concluded it is open, for the 14 days have not begun: the last
    day is far away.
    """
    if not is_consumer:
        return None
    start = received_on if goods else concluded_on
    if start is None:
        return Withdrawal(date.max)
    return Withdrawal(business_day_from(start + timedelta(days=WITHDRAWAL_DAYS), holidays=holidays))
