"""Where a statement of an account is missing: one closes on an amount, and the next opens on another."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StatementSpan:
    """One statement between its two balances, in cents; `key` is the file it stands in."""

    key: str
    account: str
    hint: str
    currency: str
    opening_cents: int
    opening_on: date
    closing_cents: int
    closing_on: date


@dataclass(frozen=True, slots=True)
class StatementGap:
    """Two statements of one account between which something is missing."""

    before: StatementSpan
    after: StatementSpan


def statement_gaps(spans: Iterable[StatementSpan]) -> list[StatementGap]:
    """Return the gaps between the statements of each account, the first first.

    A statement that begins inside another (a day's inside its month's) is judged by that one. One that goes
    on from another of its own day is the next page of it.
    """
    by_account: dict[tuple[str, str], list[StatementSpan]] = defaultdict(list)
    for span in spans:
        by_account[span.account, span.currency].append(span)
    return [gap for found in by_account.values() for gap in _gaps(found)]


def _gaps(spans: list[StatementSpan]) -> list[StatementGap]:
    by_closing = sorted(spans, key=lambda span: span.closing_on)
    closings = [span.closing_on for span in by_closing]
    found = []
    reached = date.min
    judged = set()
    goes_on = {(each.closing_on, each.closing_cents) for each in spans if _moved(each)}
    for span in sorted(spans, key=lambda each: (each.opening_on, each.closing_on)):
        opens = (span.opening_on, span.opening_cents)
        if span.opening_on >= reached and opens not in judged:
            judged.add(opens)
            before = [
                each
                for each in by_closing[: bisect_right(closings, span.opening_on)]
                if each.opening_on < span.opening_on or each.closing_on < span.closing_on
            ]
            last = [each for each in before if each.closing_on == before[-1].closing_on]
            follows = opens in goes_on or any(each.closing_cents == span.opening_cents for each in last)
            if last and not follows:
                found.append(StatementGap(last[-1], span))
        reached = max(reached, span.closing_on)
    return found


def _moved(span: StatementSpan) -> bool:
    """Return whether a statement closes on another amount than it opened on: else it goes on from itself."""
    return span.opening_cents != span.closing_cents
