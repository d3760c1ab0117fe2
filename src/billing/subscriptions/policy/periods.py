"""Which period a line of an order pays for, as far as it is known when its invoice is issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.money.policy.calendar_months import add_months
from billing.subscriptions.policy.termination import force_majeure_may_end_on, refund_pro_rata
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """The days a line pays for, half-open."""

    starts_on: date
    ends_on: date


@keeps("LG-S14.1", "LG-S15")
def service_period(
    *,
    ordered_on: date,
    term_months: int,
    own: ServicePeriod | None = None,
    running: ServicePeriod | None = None,
    is_added: bool = False,
    opens_on: date | None = None,
) -> ServicePeriod | None:
    """Return the period of a line: the term its order has, what is left of the one it adds to, or the next.

    `running` is the term of the contract the line names. None before access opens, unless it opens on a day
    that is known: the term runs from then on, whatever day that will be.
    """
    if own is not None:
        return own
    if running is not None and is_added:
        begun_on = max(ordered_on, running.starts_on)
        return ServicePeriod(begun_on, running.ends_on) if ordered_on < running.ends_on else None
    if running is not None:
        return ServicePeriod(running.ends_on, add_months(running.ends_on, term_months))
    return ServicePeriod(opens_on, add_months(opens_on, term_months)) if opens_on else None


@keeps("LG-S20.3m")
def period_paid(
    *, ordered_on: date, terms: Iterable[ServicePeriod], own: ServicePeriod | None, is_added: bool
) -> ServicePeriod | None:
    """Return the days a line of a subscription's orders paid for, whichever of its terms that was.

    Its order's own term; what was left of the term that ran when it was added. None where no term holds it.
    """
    if not is_added:
        return own
    for term in terms:
        if ordered_on < term.ends_on:
            return ServicePeriod(max(ordered_on, term.starts_on), term.ends_on)
    return None


@keeps("LG-S20.3m")
def unserved_periods(
    events: Iterable[tuple[date, date | None]],
    *,
    days: int,
    ends_on: date,
    ended_on: date | None = None,
    is_for_event: bool = False,
) -> list[tuple[date, date]]:
    """Return the half-open days whose price goes back, of the events that stopped the service.

    Once the service is back, those of an interruption that lasted more than `days` (30), whichever events it
    was made of: an event that lasts has no end to count to yet, and no day after `ended_on` was to be served.
    Where the subscription was ended for an event, those of all its events and all that follow its end.
    """
    if is_for_event and ended_on is not None:
        return [*((starts_on, until or ends_on) for starts_on, until in events), (ended_on, ends_on)]
    last = min(ended_on or ends_on, ends_on)
    over = [(starts_on, min(until, last)) for starts_on, until in events if until is not None]
    return [
        (starts_on, until)
        for starts_on, until in _interruptions(over)
        if until >= force_majeure_may_end_on(starts_on, days=days)
    ]


@keeps("LG-S20.3m")
def interruption_began_on(started_on: date, events: Iterable[tuple[date, date | None]]) -> date:
    """Return the first day of the interruption an event that begins on a day goes on with, its own if none.

    Events that touch each other are one interruption, whatever each is called.
    """
    before = ((starts_on, min(until or started_on, started_on)) for starts_on, until in events)
    joined = [starts_on for starts_on, until in _interruptions(before) if until == started_on]
    return min(joined, default=started_on)


def _interruptions(periods: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the half-open periods during which nothing was served, those that touch each other as one."""
    found: list[tuple[date, date]] = []
    for starts_on, until in sorted(periods):
        if found and starts_on <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        elif starts_on < until:
            found.append((starts_on, until))
    return found


@keeps("LG-S20.3m")
def still_unserved(
    net_cents: int, credited_cents: int, *, period: ServicePeriod, unserved: Iterable[tuple[date, date]]
) -> int:
    """Return what is still to be credited of a line for days not served, in net cents, given what was for
    them before.

    All days together are worth what they are worth once, whatever was said of them meanwhile: a day that
    turned out to be served pays for one that turns out not to be.
    """
    owed = refund_pro_rata(net_cents, starts_on=period.starts_on, ends_on=period.ends_on, unserved=unserved)
    return max(0, owed - credited_cents)
