"""Which days may be written: those of this century, as forms, programs and files name them."""

from datetime import date

FIRST_DAY = date(2000, 1, 1)

LAST_DAY = date(2099, 12, 31)


def is_possible(day: date) -> bool:
    """Return whether a day lies from 2000 to 2099."""
    return FIRST_DAY <= day <= LAST_DAY


def read_day(text: str) -> date | None:
    """Return the day written "2026-12-31", None where it is none or isn't possible."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_possible(day) else None
