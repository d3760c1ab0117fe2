"""Keep closed accounts closed: every act that dates money or a document passes here, and the database sees to
it too.
"""

from datetime import date

from billing.money.policy.closed import check_open, moved_into_open
from billing.money.queries.closed import first_open_on


def check_period_open(*days: date | None) -> None:
    """Return nothing when all these days are open. Raises PeriodClosed, before anything is done."""
    check_open(*days, first_open_on=first_open_on())


def first_open_day(day: date) -> date:
    """Return the day on which news from the payment provider count: theirs, or the first that is open."""
    return moved_into_open(day, first_open_on=first_open_on())
