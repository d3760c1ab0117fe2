"""What every late payer owes today in interest and flat fee: all open invoices in one statement of SQL.

Those few whose payment an event suspends, or that are credited beside money in hand, are counted one by one.

To the cent what `policy.late_interest` says of each; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min

from billing.collections.models import FormalNotice
from billing.collections.policy.accrued_interest import half_of, rate_table
from billing.collections.queries.late import interest_calculations
from billing.collections.queries.rules import late_rules
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import credited_beside_money_in_hand, overdue_invoices
from billing.invoicing.queries.pauses import pauses_by_invoice
from billing.money.policy.rates import Rates

_WHAT = """
, rates AS MATERIALIZED (  -- a row a day: one lookup tells the rate an invoice is frozen by
    SELECT r.regime, r.pct, d::date AS day
    FROM unnest(%(regimes)s::text[], %(starts)s::date[], %(pcts)s::numeric[]) AS r (regime, starts_on, pct)
    CROSS JOIN LATERAL generate_series(
        r.starts_on, r.starts_on + interval '6 months' - interval '1 day', interval '1 day'
    ) AS d
), money AS MATERIALIZED (
    SELECT a.invoice_id,
        CASE WHEN c.id IS NULL THEN least(p.credited_on, p.proof_on)
            WHEN c.corrects_id = a.invoice_id THEN coalesce(c.credited_from, c.issued_on)
            ELSE c.issued_on
        END AS paid_on,
        a.amount_cents
    FROM billing_allocation a
    LEFT JOIN billing_payment p ON p.id = a.payment_id
    LEFT JOIN billing_invoice c ON c.id = a.credit_note_id AND c.kind = 'credit_note'
    WHERE a.released_at IS NULL AND coalesce(c.issued_on, p.credited_on, p.proof_on) IS NOT NULL
    UNION ALL  -- what was given up bears nothing from its day
    SELECT invoice_id, "on", amount_cents FROM billing_writeoff
    WHERE undone_on IS NULL AND invoice_id IS NOT NULL
), paid AS (
    SELECT invoice_id, sum(amount_cents)::bigint AS cents FROM money GROUP BY invoice_id
), notices AS (  -- the first not before the day that holds now, as `policy.notice_that_counts` says
    SELECT g.invoice_id, min(g.sent_on) AS sent_on
    FROM billing_formalnotice g JOIN due ON due.id = g.invoice_id
    WHERE due.regime = 'consumer' AND g.sent_on >= due.due_on AND g.sent_on <= %(as_of)s
    GROUP BY g.invoice_id
), late AS MATERIALIZED (
    SELECT due.id, due.regime, due.currency, due.gross_cents, due.due_on, s.starts_on, r.pct,
        paid.cents IS NOT NULL AS in_part, due.gross_cents - coalesce(paid.cents, 0) AS balance_cents
    FROM due
    LEFT JOIN paid ON paid.invoice_id = due.id
    LEFT JOIN notices n ON n.invoice_id = due.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN due.regime = 'consumer' THEN n.sent_on ELSE due.due_on END AS starts_on
    ) s
    LEFT JOIN rates r ON r.regime = due.regime AND r.day = s.starts_on + (due.regime = 'public_body')::int
    WHERE due.gross_cents > coalesce(paid.cents, 0) AND due.due_on < %(as_of)s
        AND due.id <> ALL (%(apart)s::uuid[])
), points AS (  -- days on which the balance changes; two on one day are no trouble: between them lie no days
    SELECT id, gross_cents, pct, starts_on AS day, 0 AS cents FROM late WHERE in_part AND pct IS NOT NULL
    UNION ALL
    SELECT late.id, late.gross_cents, late.pct, greatest(money.paid_on, late.starts_on), money.amount_cents
    FROM late JOIN money ON money.invoice_id = late.id
    WHERE late.pct IS NOT NULL AND money.paid_on <= %(as_of)s
), segments AS (
    SELECT id, pct, lead(day, 1, %(as_of)s) OVER w - day AS days, gross_cents - sum(cents) OVER w AS
    base_cents
    FROM points WINDOW w AS (PARTITION BY id ORDER BY day)
), claims AS (
    SELECT late.id, late.currency, late.balance_cents, late.due_on,
        CASE
            WHEN late.starts_on IS NULL OR late.starts_on >= %(as_of)s THEN 0
            WHEN late.in_part THEN s.interest_cents
            ELSE round(late.gross_cents * late.pct * (%(as_of)s - late.starts_on) / 36500)::bigint
        END AS interest_cents,
        CASE WHEN late.regime = 'consumer' OR late.currency <> 'EUR' THEN 0 ELSE %(fee)s END AS flat_fee_cents
    FROM late LEFT JOIN (
        SELECT id, sum(round(base_cents * pct * days / 36500))::bigint AS interest_cents FROM segments GROUP
        BY id
    ) s ON s.id = late.id
)
"""

_ROWS = "SELECT id::text, currency, balance_cents, due_on, interest_cents, flat_fee_cents FROM claims"

_SUMS = """
SELECT currency, count(*), sum(balance_cents)::bigint, coalesce(sum(interest_cents), 0)::bigint,
    coalesce(sum(flat_fee_cents) FILTER (WHERE interest_cents IS NOT NULL), 0)::bigint,
    count(*) FILTER (WHERE interest_cents IS NULL)
FROM claims GROUP BY currency ORDER BY currency
"""


WORK_MEM = "64MB"  # of one statement's sort or join; a hundred thousand invoices take 30


class AccruedInterest(NamedTuple):  # there may be a hundred thousand of them: lighter than a dataclass
    """What one open invoice costs its late payer.

    The interest is None where a rate is unknown or dates disagree.
    """

    invoice_id: str
    currency: str
    balance_cents: int
    due_on: date
    interest_cents: int | None
    flat_fee_cents: int


@dataclass(frozen=True, slots=True)
class AccruedTotal:
    """What all open invoices of a currency cost their late payers, and of how many it isn't known."""

    currency: str
    invoices: int
    balance_cents: int
    interest_cents: int
    flat_fee_cents: int
    unknown: int


def accrued_interest(as_of: date, rates: Rates) -> Iterator[AccruedInterest]:
    """Yield what each open invoice costs its late payer up to a day, in one statement."""
    apart = _apart()
    with connection.cursor() as cursor:
        _in_memory(cursor)
        cursor.execute(*_asked(_ROWS, as_of, rates, apart))
        while rows := cursor.fetchmany(5000):
            yield from map(AccruedInterest._make, rows)
    yield from _one_by_one(apart, as_of, rates)


def accrued_interest_totals(as_of: date, rates: Rates) -> list[AccruedTotal]:
    """Return the same added up, currency by currency."""
    apart = _apart()
    with connection.cursor() as cursor:
        _in_memory(cursor)
        cursor.execute(*_asked(_SUMS, as_of, rates, apart))
        found = {row[0]: AccruedTotal(*row) for row in cursor.fetchall()}
    for each in _one_by_one(apart, as_of, rates):
        found[each.currency] = _plus(found.get(each.currency), each)
    return [found[currency] for currency in sorted(found)]


def _in_memory(cursor: Any) -> None:
    """Let a hundred thousand rows be sorted and joined in memory until this transaction ends, not on disk.

    By hashes: few as it takes them to be, it would sort all invoices to find the rate of each.
    """
    cursor.execute(
        "SELECT set_config('work_mem', %s, true), set_config('enable_mergejoin', 'off', true)", [WORK_MEM]
    )


def _apart() -> frozenset[UUID]:
    """Return the few invoices that are counted one by one: an event suspended their payment, or money in hand
    stands where their credit notes do.
    """
    return frozenset(pauses_by_invoice()) | credited_beside_money_in_hand()


def _one_by_one(apart: Collection[UUID], as_of: date, rates: Rates) -> list[AccruedInterest]:
    """Return what open invoices cost that one statement can't count: an event that lasts makes none late."""
    rows = list(overdue_invoices(as_of).filter(pk__in=apart)) if apart else []
    counted = interest_calculations(rows, as_of, rates)
    found = []
    for row in rows:
        owed = counted[row.pk]
        interest_cents, fee_cents = (owed.interest_cents, owed.flat_fee_cents) if owed else (None, 0)
        told = (str(row.pk), row.currency, row.balance_cents, row.falls_due_on)
        found.append(AccruedInterest(*told, interest_cents, fee_cents))
    return found


def _plus(total: AccruedTotal | None, more: AccruedInterest) -> AccruedTotal:
    """Return a currency's total with one more invoice."""
    before = total or AccruedTotal(more.currency, 0, 0, 0, 0, 0)
    return AccruedTotal(
        more.currency,
        before.invoices + 1,
        before.balance_cents + more.balance_cents,
        before.interest_cents + (more.interest_cents or 0),
        before.flat_fee_cents + more.flat_fee_cents,
        before.unknown + (more.interest_cents is None),
    )


def _asked(what: str, as_of: date, rates: Rates, apart: Collection[UUID]) -> tuple[str, dict[str, Any]]:
    """Return the statement and what it is told; the day each invoice is due is the query set's own word."""
    asked = Invoice.objects.invoices().with_due_day().order_by()
    days = asked.values("id", "customer_type", "currency", "gross_cents", "falls_due_on")
    sql, values = days.query.sql_with_params()
    names = [f"due_{n}" for n in range(len(values))]
    due = sql % tuple(f"%({name})s" for name in names)
    details = (
        _told(as_of, rates) | {"apart": [str(pk) for pk in apart]} | dict(zip(names, values, strict=True))
    )
    columns = "id, regime, currency, gross_cents, due_on"
    return f"WITH due ({columns}) AS MATERIALIZED ({due}){_WHAT}{what}", details


def _told(as_of: date, rates: Rates) -> dict[str, Any]:
    first = Invoice.objects.aggregate(day=Min("due_on"))["day"] or as_of
    last = FormalNotice.objects.aggregate(day=Max("sent_on"))["day"] or as_of
    table = rate_table(first, max(as_of, last), rates)
    return {
        "as_of": as_of,
        "fee": late_rules("professional", on=as_of).flat_fee_cents,
        "regimes": [row[0] for row in table],
        "starts": [half_of(row[1]).starts_on for row in table],
        "pcts": [row[2] for row in table],
    }
