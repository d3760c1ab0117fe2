"""Statements of interest for 100,000 open invoices, as the file of late payments takes them, against one sum
in plain SQL.

The plain sum knows what the product has to find out: that every invoice is a professional's, open, never
deferred, paid by credited money only. It gives one number; the product gives each invoice its balance, due
day, interest and flat fee.
"""

import random
from datetime import date, timedelta
from uuid import uuid4

import _ground as g

INVOICES = 100_000
TURNS = 5
PLAIN = """
WITH paid AS (
    SELECT a.invoice_id AS id, greatest(p.credited_on, i.due_on) AS day, a.amount_cents AS cents
    FROM billing_allocation a JOIN billing_payment p ON p.id = a.payment_id JOIN billing_invoice i ON i.id =
    a.invoice_id
    WHERE p.credited_on <= %(as_of)s
    UNION ALL SELECT id, due_on, 0 FROM billing_invoice
), days AS (
    SELECT id, day, sum(cents) AS cents FROM paid GROUP BY id, day
), segments AS (
    SELECT id, lead(day, 1, %(as_of)s) OVER w - day AS days, sum(cents) OVER w AS paid
    FROM days WINDOW w AS (PARTITION BY id ORDER BY day)
)
SELECT sum(round((i.gross_cents - s.paid) * r.pct * s.days / 36500))::bigint
FROM segments s JOIN billing_invoice i USING (id)
JOIN unnest(%(halves)s::int[], %(pcts)s::numeric[]) AS r (half, pct)
    ON r.half = extract(year FROM i.due_on)::int * 2 + (extract(month FROM i.due_on) > 6)::int
"""


def main() -> None:
    g.ground()
    from django.db import connection, connections

    from billing.collections.policy.accrued_interest import rate_table
    from billing.collections.queries.accrued_interest import accrued_interest
    from billing.money.gateways.rate_tables import interest_rates
    from isolation.context import inside_operator

    as_of = g.NOW.date()
    rates = interest_rates()
    with inside_operator():
        first = invoices(as_of)
    with connections["migrator"].cursor() as cursor:
        cursor.execute("ANALYZE")
    table = [row for row in rate_table(first, as_of, rates) if row[0] == "professional"]
    told = {"as_of": as_of, "halves": [row[1] for row in table], "pcts": [row[2] for row in table]}
    found: dict[str, int] = {}

    def product(_turn: int) -> None:
        with inside_operator():
            rows = list(accrued_interest(as_of, rates))
        found["product"] = sum(row.interest_cents or 0 for row in rows)
        found["rows"] = len(rows)

    def plain(_turn: int) -> None:
        with inside_operator(), connection.cursor() as cursor:
            cursor.execute(PLAIN, told)
            found["plain"] = cursor.fetchone()[0]

    seconds, floor = g.side_by_side(product, plain, times=TURNS)
    g.row(
        f"one sum in plain SQL over {INVOICES:,} open invoices, a third of them paid in part", g.ms(floor), ""
    )
    g.row(f"{found['rows']:,} statements: balance, due day, interest, flat fee of each", g.ms(seconds), "")
    g.row("the same cents", str(found["product"] == found["plain"]), "True")
    g.row("ratio of invoices/s", f"{floor / seconds:.2f}", "≥ 0.6")


def invoices(today: date) -> date:
    """Make the invoices, a third of them paid in part twice; return the first due date."""
    from billing.models import Allocation, Invoice, InvoiceLine, Payment
    from demo.factories.billing import invoice_of, order_signed

    dice = random.Random(1)
    made = []
    model = invoice_of(order_signed(now=g.NOW - timedelta(days=60), method="transfer"))
    fields = {field.attname: getattr(model, field.attname) for field in Invoice._meta.concrete_fields}
    for n in range(INVOICES - 1):
        due_on = today - timedelta(days=dice.randrange(1, 900))
        cents = dice.randrange(1000, 900_000)
        made.append(
            Invoice(
                **fields
                | {
                    "id": uuid4(),
                    "number": f"FA-{n}",
                    "due_on": due_on,
                    "issued_on": due_on,
                    "gross_cents": cents,
                    "net_cents": cents,
                    "vat_cents": 0,
                    "mentions": [],
                    "seller": {},
                }
            )
        )
    InvoiceLine.objects.bulk_create(
        (
            InvoiceLine(
                invoice_id=row.pk, position=1, description="x", quantity=1, unit_net_cents=row.net_cents
            )
            for row in made
        ),
        batch_size=2000,
    )
    Invoice.objects.bulk_create(made, batch_size=2000)
    paid = [
        (row, row.gross_cents // 4, min(today, row.due_on + timedelta(days=dice.randrange(-10, 200))))
        for row in made[::3]
        for _ in range(2)
    ]
    payments = Payment.objects.bulk_create(
        (
            Payment(
                customer_id=row.customer_id,
                method="transfer",
                amount_cents=cents,
                received_on=on,
                credited_on=on,
                created_at=g.NOW,
            )
            for row, cents, on in paid
        ),
        batch_size=2000,
    )
    Allocation.objects.bulk_create(
        (
            Allocation(payment=payment, invoice=row, amount_cents=cents, allocated_at=g.NOW)
            for payment, (row, cents, _on) in zip(payments, paid, strict=True)
        ),
        batch_size=2000,
    )
    return min(row.due_on for row in made)


if __name__ == "__main__":
    main()
