"""What would happen when, if nobody did anything.

The terms of a subscription walked ahead, changing nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from billing.catalogue.policy.catalogue import AUTOMATIC, FIXED
from billing.subscriptions.policy.renewal import (
    Announcement,
    Term,
    announced_in_confirmation,
    applies_at,
    is_last_term,
    next_term,
    notice_leaves_on,
    renews_automatically,
)
from billing.subscriptions.policy.trial import Period, activated_on
from contracts.policy.clauses import keeps
from contracts.policy.profiles import KeptPeriod, Renewal
from tenants.policy.keeping import erased_on


@dataclass(frozen=True, slots=True)
class Event:
    """Something that would happen on a day, under a clause; an amount is in cents without VAT."""

    on: date
    clause: str
    what: str
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionOutlook:
    """A subscription as it runs: its last term, how it goes on, what was told and what it would be told."""

    term: Term
    activated_on: date
    months: int
    renewal: str
    rules: Renewal
    terminated_on: date | None
    quantity: int
    current: Announcement
    told: tuple[Announcement, ...]
    next_unit_net_cents: int
    trial: Period | None = None  # that lasts
    trial_stops_on: date | None = None  # it was ended for that day
    options_cents: int = 0  # of the options the next term has
    is_agreed: bool = False  # the next term was agreed to and paid
    access_until: date | None = None  # the product is withdrawn from sale: no term renews from here on

    def notice_leaves_on(self, term: Term) -> date:
        """Return the day on which the client is told what happens at the end of a term."""
        return notice_leaves_on(term, renewal=self.rules, is_fixed=self.renewal == FIXED)


@keeps("LG-S14.2n", "LG-S14.2a", "LG-S14.2f", "LG-S14.3", "MC-1s")
def forecast_events(running: SubscriptionOutlook, *, today: date, until: date) -> Iterator[Event]:
    """Return, day by day, the notices, renewals and the end of a subscription up to a day included."""
    if running.trial is not None:
        yield from _trial(running, running.trial, until)
        if running.trial.ends_on > until or not activated_on(running.trial, stopped_on=_stopped_on(running)):
            return
    term = running.term
    current = running.current
    told = list(running.told)
    agreed = running.is_agreed
    while term.ends_on <= until or running.notice_leaves_on(term) <= until:
        if _is_to_announce(running, term, told):
            yield from _notice(running, term, told, today, until)
        if term.ends_on > until:
            return
        if agreed:
            yield Event(term.ends_on, "LG-S14.2f", "renewed")
            agreed = False
            term = next_term(term, activated_on=running.activated_on, months=running.months)
            continue
        if (end := _end(running, term)) is not None:
            yield end
            return
        current = applies_at(term.ends_on, current=current, announced=told, renewal=running.rules)
        yield Event(
            term.ends_on,
            "LG-S14.2a",
            "renewed",
            current.unit_net_cents * running.quantity + running.options_cents,
        )
        term = next_term(term, activated_on=running.activated_on, months=running.months)


def _is_to_announce(running: SubscriptionOutlook, term: Term, told: Iterable[Announcement]) -> bool:
    leaves_on = running.notice_leaves_on(term)
    is_last = running.renewal == AUTOMATIC and is_last_term(term.ends_on, access_until=running.access_until)
    was_told = any(each.sent_on >= leaves_on for each in told)
    return running.terminated_on is None and not was_told and not is_last


def _end(running: SubscriptionOutlook, term: Term) -> Event | None:
    """Return the end of a subscription with this term, None where another follows."""
    if not renews_automatically(running.renewal, terminated_on=running.terminated_on, ends_on=term.ends_on):
        return Event(term.ends_on, "LG-S14.2f" if running.renewal == FIXED else "LG-S20.2", "ended")
    if is_last_term(term.ends_on, access_until=running.access_until):
        return Event(term.ends_on, "MC-1s", "ended")
    return None


def _stopped_on(running: SubscriptionOutlook) -> date | None:
    return running.trial_stops_on or running.terminated_on


def _trial(running: SubscriptionOutlook, trial: Period, until: date) -> Iterator[Event]:
    if trial.ends_on > until:
        return
    if activated_on(trial, stopped_on=_stopped_on(running)):
        yield Event(trial.ends_on, "LG-S14.3", "activated", running.current.unit_net_cents * running.quantity)
    else:
        yield Event(trial.ends_on, "LG-S14.3", "trial_ended")


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """For how long the data of a contract is kept after its end, and the clause that says so."""

    kept: KeptPeriod
    clause: str


@keeps("LG-S21.2", "MC-3")
def forecast_erasure(
    ends: Sequence[tuple[date | None, RetentionPlan]], *, chosen_days: int | None, until: date
) -> Iterator[Event]:
    """Return the day on which what is left is destroyed, once every subscription has ended.

    None while one goes on.

    `ends`: the day each of them ends, None for one that doesn't up to then, and how long its data is kept.
    """
    days = [day for day, _kept in ends if day is not None]
    if not days or len(days) < len(ends):
        return
    shortest = min((plan for day, plan in ends if day == max(days)), key=lambda plan: plan.kept.nominal_days)
    gone_on = erased_on(ended_on=max(days), kept=[shortest.kept], chosen_days=chosen_days)
    if gone_on <= until:
        yield Event(gone_on, shortest.clause, "data_destroyed")


def _notice(
    running: SubscriptionOutlook, term: Term, told: list[Announcement], today: date, until: date
) -> Iterator[Event]:
    day = max(running.notice_leaves_on(term), today)
    in_confirmation = running.renewal != FIXED and announced_in_confirmation(term, renewal=running.rules)
    if in_confirmation or day > until:
        return
    told.append(Announcement(day, running.next_unit_net_cents))
    if running.renewal == FIXED:
        yield Event(day, "LG-S14.2n", "end_announced")
    else:
        yield Event(
            day,
            "LG-S14.2n",
            "renewal_announced",
            running.next_unit_net_cents * running.quantity + running.options_cents,
        )
