"""Interest over all open invoices at once is, to the cent, what the policy says of each."""

from copy import copy
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.collections.policy.accrued_interest import RULES, half_key, rate_table
from billing.collections.policy.late_interest import public_body_rate
from billing.collections.queries import accrued_interest as accrued
from billing.collections.queries import late
from billing.collections.queries.accrued_interest import accrued_interest, accrued_interest_totals
from billing.collections.queries.late import interest_calculations
from billing.invoicing.policy.pauses import Pause
from billing.invoicing.queries.balances import overdue_invoices
from billing.models import Acceleration, Allocation, FormalNotice, Invoice, Payment, PaymentExtension
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.days import paris_day
from billing.money.policy.rates import HalfYear
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db


def many(now, count, seed):
    """Make so many invoices of every kind of client, paid in part on random days, some deferred, some
    noticed.
    """
    dice = Random(seed)
    made = []
    model = invoice_of(order_signed(now=now - timedelta(days=200), method="transfer"))
    fields = {
        f.attname: getattr(model, f.attname) for f in Invoice._meta.concrete_fields if f.attname != "id"
    }
    for n in range(count):
        due_on = date(2023, 1, 1) + timedelta(days=dice.randrange(1400))
        gross = dice.randrange(1, 500_000)
        fields |= {
            "number": f"FA-X-{seed}-{n}",
            "due_on": due_on,
            "issued_on": due_on,
            "customer_type": dice.choice(list(RULES)),
            "gross_cents": gross,
            "net_cents": gross,
            "vat_cents": 0,
        }
        made.append(Invoice(**fields))
    return made, dice


@pytest.mark.parametrize("seed", range(3))
def test_all_at_once_and_one_by_one_agree(now, seed, monkeypatch):
    with inside_operator():
        today = paris_day(now)
        made, dice = many(now, 60, seed)
        for invoice in made:
            write_down(invoice, dice, now)
        paused = {invoice.pk: [pause_of(invoice, dice)] for invoice in made[::4]}
        monkeypatch.setattr(late, "pauses_by_invoice", lambda _asked: paused)
        monkeypatch.setattr(accrued, "pauses_by_invoice", lambda: paused)
        rows = list(overdue_invoices(today))
        one_by_one = interest_calculations(rows, today, interest_rates())
        at_once = {UUID(each.invoice_id): each for each in accrued_interest(today, interest_rates())}
        assert set(at_once) == set(one_by_one)
        assert len(rows) > 30
        for row in rows:
            mine = at_once[row.pk]
            theirs = one_by_one[row.pk]
            assert mine.balance_cents == row.balance_cents
            assert mine.due_on == row.falls_due_on
            assert mine.interest_cents == (theirs.interest_cents if theirs else None), (
                row.customer_type,
                row.due_on,
            )
            if theirs:
                assert mine.flat_fee_cents == theirs.flat_fee_cents
        (total,) = accrued_interest_totals(today, interest_rates())
        assert total.invoices == len(rows)
        assert total.interest_cents == sum(each.interest_cents or 0 for each in at_once.values())
        assert total.flat_fee_cents == sum(
            each.flat_fee_cents for each in at_once.values() if each.interest_cents is not None
        )


def pause_of(invoice, dice):
    """Return an event around the day an invoice is due, or after it; one in five lasts."""
    first = invoice.due_on + timedelta(days=dice.randrange(-40, 200))
    return Pause(first, None if dice.random() < 0.2 else first + timedelta(days=dice.randrange(1, 90)))


def write_down(invoice, dice, now):
    """Put an invoice in with its line, what was paid of it and when, and what may have moved its days."""
    invoice.lines.model.objects.create(
        invoice_id=invoice.pk, position=1, description="x", quantity=1, unit_net_cents=invoice.net_cents
    )
    invoice.save(force_insert=True)
    left = invoice.gross_cents
    for _ in range(dice.randrange(4)):
        cents = dice.randrange(1, left + 1)
        if cents == left:
            break
        left -= cents
        on = invoice.due_on + timedelta(days=dice.randrange(-20, 300))
        on = min(on, paris_day(now))
        kind = dice.choice(
            [{"credited_on": on}, {"proof_on": on}, {"proof_on": on, "credited_on": on + timedelta(3)}, {}]
        )
        payment = Payment.objects.create(
            customer_id=invoice.customer_id,
            method="transfer",
            amount_cents=cents,
            received_on=on,
            created_at=now,
            **kind,
        )
        Allocation.objects.create(payment=payment, invoice=invoice, amount_cents=cents, allocated_at=now)
        if not kind and dice.random() < 0.5:  # credited while a cheque is in hand: nothing is put yet
            credit(invoice, dice.randrange(1, cents + left + 1), now)
            break
    if dice.random() < 0.3:
        PaymentExtension.objects.create(
            invoice=invoice,
            agreed_on=invoice.due_on,
            document="x",
            created_at=now,
            new_due_on=invoice.due_on + timedelta(days=dice.randrange(90)),
        )
    if dice.random() < 0.1:
        Acceleration.objects.create(
            invoice=invoice, due_on=invoice.due_on - timedelta(days=5), created_at=now
        )
    if dice.random() < 0.6:
        FormalNotice.objects.create(
            invoice=invoice, created_at=now, sent_on=invoice.due_on + timedelta(days=dice.randrange(-3, 200))
        )


def credit(invoice, cents, now):
    """Put in a credit note that found no room on its invoice."""
    note = copy(invoice)
    note.id, note._state.adding = uuid4(), True
    note.kind, note.corrects, note.number = "credit_note", invoice, f"AV-{note.id.hex[:12]}"
    note.gross_cents = note.net_cents = cents
    note.vat_cents = 0
    note.issued_on = min(paris_day(now), invoice.due_on + timedelta(days=3))
    note.lines.model.objects.create(
        invoice_id=note.pk, position=1, description="x", quantity=1, unit_net_cents=cents
    )
    note.save(force_insert=True)


def test_the_table_of_rates_says_what_the_policy_says():
    rates = interest_rates()
    table = {
        (customer_type, half): pct
        for customer_type, half, pct in rate_table(date(2024, 1, 1), date(2026, 12, 31), rates)
    }
    for n in range(0, 1000, 13):
        day = date(2024, 1, 1) + timedelta(days=n)
        assert table["professional", half_key(HalfYear.of(day))] == RULES["professional"](day, rates)
        assert table["consumer", half_key(HalfYear.of(day))] == RULES["consumer"](day, rates)
        assert table["public_body", half_key(HalfYear.of(day + timedelta(1)))] == public_body_rate(day, rates)


def test_the_file_of_what_is_late_takes_the_same_statements_for_any_number(browse, now):
    with inside_operator():
        for _ in range(3):
            order_signed(now=now - timedelta(days=90))
    finance = clerk(browse, now)
    counts = []
    finance.get(url("late"))  # the first page of a session reads more
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            text = b"".join(finance.get(url("late"), {"format": "csv"})).decode()
        counts.append(len(asked))
        with inside_operator():
            order_signed(now=now - timedelta(days=90))
    assert counts[0] == counts[1]
    assert ";40" in text
    assert "40,00" in finance.get(url("late")).content.decode()
