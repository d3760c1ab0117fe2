"""Whether VAT falls due when invoiced: the seller's choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Option:
    """From a day on, VAT on services is due on debits (`chosen`) or when they are paid."""

    since: date
    chosen: bool


def on_debits(options: Iterable[Option], on: date) -> bool:
    """Return whether VAT is due on debits for what is issued on a day.

    On payments while nothing was chosen.
    """
    known = [each for each in options if each.since <= on]
    return max(known, key=lambda each: each.since).chosen if known else False
