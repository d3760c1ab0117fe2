"""What is so about a debt, drawn from all that stands: nothing here knows which event came."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from billing.collections.policy.suspension import UNPAID, SuspensionNotice, suspended_from
from billing.invoicing.policy.pauses import ONE_DAY, Pause
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Debt:
    """What is left of an invoice, the day it falls due as agreed or ended since, and what holds it back."""

    left_cents: int
    due_on: date
    is_disputed: bool = False
    pauses: tuple[Pause, ...] = ()

    @keeps("LG-S6.3d", "LG-S20.3m")
    def is_overdue(self, today: date) -> bool:
        """Return whether something of it should have been paid before today and nothing suspends that."""
        return self.left_cents > 0 and self.due_on < today and self.paused_until(today) is None

    @keeps("LG-S20.3m")
    def last_day(self, today: date) -> date:
        """Return the last day on which it is not overdue yet: `date.max` while an event that has no end holds
        it.

        What fell due during an event is due on the first day after it.
        """
        after = self.paused_until(today)
        if after is None:
            return self.due_on
        return after if after == date.max else max(after - ONE_DAY, self.due_on)

    def paused_until(self, day: date) -> date | None:
        """Return the first day after the events that suspend it on a day: `date.max` while one has no end.

        None when none does.
        """
        ends = [each.ends_on or date.max for each in self.pauses if each.holds(day)]
        return max(ends, default=None)


@dataclass(frozen=True, slots=True)
class LateRules:
    """What the profile says of a late payer, and the holidays of their place."""

    when: str
    business_days: int
    notice_after_days: int
    reminder_days: tuple[int, ...]
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class DebtStanding:
    """What should be so about a debt today."""

    is_overdue: bool
    reminders: tuple[date, ...] = ()  # the days on which one is owed, a missed one today
    warn_on: date | None = None  # the first day on which a warning is to leave; none while one stands
    counts_from: date | None = None  # the day the warning that stands left
    suspends_on: date | None = None  # the first day without access


@keeps("LG-S19", "LG-S6.3d", "MC-4")
def debt_standing(
    debt: Debt,
    *,
    rules: LateRules,
    today: date,
    notice: SuspensionNotice | None = None,
    failed_on: date | None = None,
    reminded: Collection[date] = (),
) -> DebtStanding:
    """Return what should be so about a debt today: its reminders, its warning, the day access stops.

    `notice`: the last warning about it that did not fail; `failed_on`: when the one before did, so that the
    next one leaves the day after. Nothing follows from what isn't overdue today, and a warning that left
    before the day that holds now starts no clock: it was about another day.
    """
    if not debt.is_overdue(today):
        return DebtStanding(is_overdue=False)
    stands = notice if notice and not is_void(notice, due_on=debt.due_on) else None
    return DebtStanding(
        is_overdue=True,
        reminders=_reminders(debt, rules.reminder_days, reminded, today),
        warn_on=None if stands else _warned_from(debt, rules, failed_on),
        counts_from=stands.counts_from if stands else None,
        suspends_on=stops_on(stands, rules=rules, today=today) if stands else None,
    )


@keeps("LG-S19")
def is_void(notice: SuspensionNotice, *, due_on: date) -> bool:
    """Return whether a warning starts no clock: it never arrived, or more time was granted since it left."""
    return notice.bounced or (notice.sent_on is not None and notice.sent_on <= due_on)


def stops_on(notice: SuspensionNotice, *, rules: LateRules, today: date, cause: str = UNPAID) -> date | None:
    """Return the first day without access by the profile's rules."""
    return suspended_from(
        notice,
        when=rules.when,
        cause=cause,
        today=today,
        business_days=rules.business_days,
        holidays=rules.holidays,
    )


def _warned_from(debt: Debt, rules: LateRules, failed_on: date | None) -> date | None:
    if rules.when == "never":
        return None
    first = debt.due_on + timedelta(days=max(rules.notice_after_days, 1))
    return max(first, failed_on + ONE_DAY) if failed_on else first


def _reminders(debt: Debt, days: Iterable[int], reminded: Collection[date], today: date) -> tuple[date, ...]:
    """Return the days still to come, and the last that passed if nothing was said since."""
    if debt.is_disputed:
        return ()
    owed = sorted({debt.due_on + timedelta(days=each) for each in days})
    last = max((day for day in owed if day <= today), default=None)
    said = last is None or any(day >= last for day in reminded)
    return tuple(day for day in owed if (day > today and day not in reminded) or (day == last and not said))
