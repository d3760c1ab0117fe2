"""Legal numbers: what they look like; the counter that gives them is a locked row."""

import re
from datetime import date, timedelta

MAX_LENGTH = 35

_ALLOWED = re.compile(r"[A-Za-z0-9+\-_/]{1,35}")

LAST_RANK = 999_999

SERIES = {
    "invoice": "FA",
    "credit_note": "AV",
    "quote": "DE",
    "order": "CO",
    "late_statement": "IN",
    "remittance": "RC",
    "deposit": "AC",
    "pro_forma": "PF",
    "delivery": "BL",
    "return": "RT",
}


MIDNIGHT = timedelta(days=1)  # two documents that are issued at once on either side of it


class NotChronological(Exception):
    """Raised on a document that would be dated before the last of its series."""


def day_of_issue(today: date, last_on: date | None) -> date:
    """Return the day a document is dated, never before the last of its series (CGI, ann. II, art. 242 nonies
    A): one begun before midnight takes the day of that which overtook it. Raises NotChronological beyond.
    """
    if last_on is None or last_on <= today:
        return today
    if last_on - today > MIDNIGHT:
        raise NotChronological(last_on)
    return last_on


def document_number(kind: str, *, year: int, rank: int) -> str:
    """Return the number of a document, such as FA-2026-000042, at most 35 of A-Z a-z 0-9 + - _ /.

    Ranks start at 1 each year. Raises ValueError on an unknown kind or an impossible rank or year.
    """
    if kind not in SERIES:
        raise ValueError(f"no series of numbers for {kind!r}")
    if rank < 1 or not 2000 <= year <= 9999:
        raise ValueError(f"no number for rank {rank} of {year}")
    return checked_number(f"{SERIES[kind]}-{year}-{rank:06d}")


def provisional_number(kind: str, *, year: int) -> str:
    """Return a number of the same shape, for a document that is judged before it takes its own."""
    return document_number(kind, year=year, rank=LAST_RANK)


def checked_number(number: str) -> str:
    """Return a document's number; raise ValueError when the e-invoice rules would refuse it."""
    if not _ALLOWED.fullmatch(number):
        raise ValueError(f"not a document's number: {number!r}")
    return number
