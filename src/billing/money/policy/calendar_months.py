"""Terms of subscriptions: half-open periods that start on the day of activation."""

from calendar import monthrange
from datetime import date

from contracts.policy.clauses import keeps


@keeps("LG-S14.1")
def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last day where it has no such day.

    It is the first day after a term that started on `day` (half-open). Raises ValueError below one month.
    """
    if months < 1:
        raise ValueError("a term lasts at least one month")
    year, month = divmod(day.month - 1 + months, 12)
    year = day.year + year
    month = month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def subtract_months(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the month's last day where it has no such day.

    Raises ValueError below one month.
    """
    if months < 1:
        raise ValueError("a term lasts at least one month")
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
