"""The days on which goods leave."""

from datetime import date, datetime, time, timedelta

from contracts.policy.clauses import keeps

DISPATCH_WEEKDAYS = frozenset({1, 3})  # Tuesday, Thursday

LAST_VALIDATION = time(15, 0)

LEAVES_AT = time(16, 0)

HORIZON_DAYS = 366


class NoDispatch(ValueError):
    """Raised when goods wouldn't leave for a year."""


@keeps("LG-S7")
def dispatch_day(
    validated_at: datetime, *, holidays: frozenset[date], closed: frozenset[date] = frozenset()
) -> date:
    """Return the day goods leave for an order validated at this local time (Europe/Paris wall clock).

    Tuesdays and Thursdays, never on a public holiday, bridge day or announced leave (`closed`); validated
    after 15:00 on a dispatch day, the order goes to the next one. Raises NoDispatch.
    """
    first = 0 if validated_at.time() <= LAST_VALIDATION else 1
    for later in range(first, HORIZON_DAYS):
        day = validated_at.date() + timedelta(days=later)
        if day.weekday() in DISPATCH_WEEKDAYS and day not in holidays and day not in closed:
            return day
    raise NoDispatch(f"no dispatch day within a year of {validated_at.date().isoformat()}")


@keeps("LG-S7")
def leaving_day(
    shown_on: date | None,
    *,
    funded_at: datetime,
    holidays: frozenset[date],
    closed: frozenset[date] = frozenset(),
) -> tuple[date, str]:
    """Return the day an order leaves whose money came at this local time, and why it isn't the day shown.

    The day shown when it was placed, as long as 16:00 of it hasn't come; "" says so. Else the next one:
    "paid_later", or "closed" where nothing leaves on that day any more. Raises NoDispatch.
    """
    details = {"holidays": holidays, "closed": closed}
    if shown_on is None:
        return dispatch_day(funded_at, **details), ""
    if shown_on in holidays | closed:
        return dispatch_day(max(funded_at, datetime.combine(shown_on, time.min)), **details), "closed"
    if funded_at <= datetime.combine(shown_on, LEAVES_AT):
        return shown_on, ""
    return dispatch_day(funded_at, **details), "paid_later"


@keeps("LG-S7")
def dispatch_days(
    start: date, count: int, *, holidays: frozenset[date], closed: frozenset[date] = frozenset()
) -> list[date]:
    """Return the next days on which goods leave, `start` included where it is one."""
    days: list[date] = []
    day = start
    while len(days) < count:
        days.append(dispatch_day(datetime.combine(day, time.min), holidays=holidays, closed=closed))
        day = days[-1] + timedelta(days=1)
    return days
