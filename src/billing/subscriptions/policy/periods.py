"""Which period a line of an order pays for, as far as it is known when its invoice is issued."""

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
        return ServicePeriod(ordered_on, running.ends_on) if ordered_on < running.ends_on else None
    if running is not None:
        return ServicePeriod(running.ends_on, add_months(running.ends_on, term_months))
    return ServicePeriod(opens_on, add_months(opens_on, term_months)) if opens_on else None
