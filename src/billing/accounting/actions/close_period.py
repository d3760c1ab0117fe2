"""Close the accounts up to the end of a month, with their figures and their file of entries.

Open the last ones again.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zlib import compress

from django.db import connection, transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.accounting.actions.recognise_revenue import recognise_revenue
from billing.accounting.actions.validate_entries import validate_entries
from billing.accounting.gateways.chart import chart
from billing.accounting.policy.fec import file_text
from billing.accounting.queries.closing import closable, next_start
from billing.accounting.queries.ledger import balances, entries_in, fec_rows
from billing.accounting.queries.vat_due import vat_due
from billing.money.models import ClosedPeriod
from billing.money.policy.periods import months

LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('billing closed periods'))"


class NotClosable(Exception):
    """Raised when the day isn't the end of a month that is over and still open."""


class NotTheLast(Exception):
    """Raised when a later period is closed, or this one was opened again."""


@transaction.atomic
def close_period(*, ends_on: date, by: Actor | None, now: datetime, today: date) -> ClosedPeriod:
    """Return the period, closed: all that is still open before `ends_on`, the first day after it.

    What is being dated in it at this moment is waited for, and stands in its figures. What its months served
    of what was invoiced is counted, and its entries are validated. Raises NotClosable.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    starts_on = next_start()
    if starts_on is None or ends_on not in closable(today):
        raise NotClosable(ends_on)
    last_day = ends_on - timedelta(days=1)
    for month in months(starts_on, last_day):
        recognise_revenue(month=month, now=now)
    validate_entries(now=now, until=last_day)
    period = {"starts_on": starts_on, "ends_on": last_day}
    count = entries_in(**period)
    rows = balances(chart(), **period)
    text = file_text(fec_rows(chart(), **period)).encode()
    made = ClosedPeriod.objects.create(
        starts_on=starts_on,
        ends_on=ends_on,
        closed_at=now,
        closed_by=by.id if by else None,
        fec=compress(text),
        fec_sha256=sha256(text).hexdigest(),
        figures={
            "entries": count,
            "balances": [[row.account, row.label, row.debit_cents, row.credit_cents] for row in rows],
            "vat_due": _vat_due(starts_on, last_day),
        },
    )
    facts = {"from": str(starts_on), "until": str(last_day), "entries": count, "sha256": made.fec_sha256}
    log_action("period.closed", by=by, on=made, at=now, facts=facts)
    return made


def _vat_due(starts_on: date, last_day: date) -> list[list[object]]:
    """Return month, currency, base and VAT of what fell due, as it is kept."""
    found: dict[tuple[str, str], list[int]] = {}
    for each in vat_due(starts_on=starts_on, ends_on=last_day):
        sums = found.setdefault((f"{each.month:%Y-%m}", each.invoice.currency), [0, 0])
        sums[0] += each.due.base_cents
        sums[1] += each.due.vat_cents
    return [[*key, *sums] for key, sums in sorted(found.items())]


@transaction.atomic
def reopen_period(*, period_id: UUID, reason: str, by: Actor, now: datetime) -> ClosedPeriod:
    """Return the last closed period, open again.

    Its figures and its file stay as the proof of what stood there.

    Raises NotTheLast.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    last = ClosedPeriod.objects.active().select_for_update().order_by("-ends_on").first()
    if last is None or last.pk != period_id:
        raise NotTheLast(period_id)
    last.reopen(at=now, by=by.id if by else None, reason=reason)
    log_action(
        "period.reopened",
        by=by,
        on=last,
        at=now,
        facts={"from": str(last.starts_on)},
        personal={"reason": reason},
    )
    return last
