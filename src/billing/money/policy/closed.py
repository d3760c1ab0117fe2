"""Days that stay as they are: the books of their period are closed."""

from datetime import date


class PeriodClosed(ValueError):
    """Raised when a day lies in closed accounts; says the first day that doesn't."""

    def __init__(self, day: date, first_open_on: date) -> None:
        super().__init__(f"{day} is closed, the first open day is {first_open_on}")
        self.day = day
        self.first_open_on = first_open_on


def check_open(*days: date | None, first_open_on: date | None) -> None:
    """Return nothing when all these days are open.

    A missing day is, and without a closed period every day is.

    Raises PeriodClosed on the first that isn't.
    """
    for day in days:
        if day is not None and first_open_on is not None and day < first_open_on:
            raise PeriodClosed(day, first_open_on)


def moved_into_open(day: date, *, first_open_on: date | None) -> date:
    """Return the day, or the first open one: news that nobody can refuse count from there."""
    return max(day, first_open_on or day)
