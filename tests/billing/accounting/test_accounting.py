"""The accountant's page and file, from what was really issued and paid."""

from agenda.loop import tick
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, url


def test_a_period_is_shown_balanced_and_taken_away(browse, now, db):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer"))
        day = paris_day(now)
        record_transfer(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=day,
            credited_on=day,
            reference="VIR 1",
            by=None,
            now=now,
            today=day,
        )
    finance = clerk(browse, now)
    page = finance.get(url("accounting")).content.decode()
    assert "706000" in page
    assert "512000" in page
    tick(now)
    answer = finance.get(url("fec"), {"starts_on": "2026-11-01", "ends_on": "2026-11-30"})
    rows = [row.split("\t") for row in answer.content.decode("iso8859-15").split("\r\n")[1:-1]]
    assert answer["Content-Disposition"].endswith('FEC20261130.txt"')
    cents = [sum(int(row[side].replace(",", "")) for row in rows) for side in (11, 12)]
    assert cents[0] == cents[1] == 2 * invoice.gross_cents


def test_a_period_that_ends_before_it_begins_is_refused(browse, now, db):
    answer = clerk(browse, now).get(url("fec"), {"starts_on": "2026-11-30", "ends_on": "2026-11-01"})
    assert answer.status_code == 422
