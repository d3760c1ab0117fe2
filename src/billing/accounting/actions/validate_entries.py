"""Validate entries: give each its number, without a gap by journal and financial year, and its day."""

from collections import Counter
from datetime import date, datetime

from django.db import connection, transaction

from billing.accounting.models import JournalEntry
from billing.accounting.policy.numbers import series_of
from billing.money.models import NumberSeries
from billing.money.policy.days import paris_day

LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('billing validation of entries'))"


@transaction.atomic
def validate_entries(*, now: datetime, until: date | None = None, by_day: bool = False) -> int:
    """Return how many entries were validated, in the order in which they were written, or by day if asked.

    `until` keeps to those dated up to a day; one of a day still to come waits for it, so that no validation
    is earlier than its entry. Numbers are given here, under one lock and not in the
    transaction that writes an entry: nobody who pays waits for somebody else's invoice.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    today = paris_day(now)
    waiting = JournalEntry.objects.waiting().filter(on__lte=min(today, until or today))
    rows = list(waiting.order_by(*(("on", "rank") if by_day else ("rank",))))
    counts = Counter(map(_series, rows))
    numbers = {key: iter(NumberSeries.objects.reserve(*key, count=count)) for key, count in counts.items()}
    for row in rows:
        row.number = next(numbers[_series(row)])
        row.validated_on = today
    JournalEntry.objects.bulk_update(rows, ["number", "validated_on"], batch_size=1000)
    return len(rows)


def _series(entry: JournalEntry) -> tuple[str, int]:
    return series_of(entry.journal, entry.currency), entry.fiscal_year
