"""Which period a line of an order pays for, as far as it is known when its invoice is issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.money.policy.calendar_months import add_months
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
    events: Iterable[tuple[date, date | None]], *, ends_on: date, terminated_on: date | None
) -> list[tuple[date, date]]:
    """Return the half-open days that were not served: of each event that stopped the service, to its end.

    One that lasts holds the rest of the last term; terminated for an event, nothing is served from that day.
    """
    found = [(starts_on, until or ends_on) for starts_on, until in events]
    return [*found, (terminated_on, ends_on)] if terminated_on else found
