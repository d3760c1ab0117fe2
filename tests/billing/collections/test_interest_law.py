"""The two ways to say when an invoice is due and what its delay costs, one by one and in SQL, say the same.

On the golden rows, and on two thousand invoices drawn at random: paid in part, extended, payments taken back,
credited, on either side of a half-year, owed by every kind of client.
"""

from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.collections.policy.accrued_interest import RULES
from billing.collections.policy.late_interest import (
    InvalidCalculation,
    flat_fee_in,
    late_interest,
    notice_that_counts,
)
from billing.collections.queries import accrued_interest as at_once
from billing.collections.queries.accrued_interest import accrued_interest
from billing.collections.queries.rules import late_rules
from billing.invoicing.policy.due import AgreedExtension as Agreed
from billing.invoicing.policy.due import effective_due_on
from billing.invoicing.policy.paid import Payment as Paid
from billing.invoicing.queries.balances import falls_due_on
from billing.models import (
    Acceleration,
    Allocation,
    FormalNotice,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentExtension,
)
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.days import paris_day
from billing.money.policy.money import parse_amount
from billing.money.policy.rates import UnknownRate
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.clauses.late import payments
from tests.golden import rows

pytestmark = pytest.mark.django_db

MANY = 2000
SEED = 20261129
FIRST = date(2025, 9, 1)  # the first version of the contracts; a golden row is older
EDGES = [date(2024, 6, 30), date(2024, 7, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30)]


class Ledger:
    """Invoices to be put in at once, and what the policy must be told of each."""

    def __init__(self, model, now):
        self.fields = {
            f.attname: getattr(model, f.attname) for f in Invoice._meta.concrete_fields if f.attname != "id"
        }
        self.now = now
        self.invoices, self.notes, self.payments, self.allocations = [], [], [], []
        self.deferrals, self.accelerations, self.notices = [], [], []
        self.told = {}
        self.asked = {}  # what nothing is put against yet, money in hand included

    def invoice(self, customer_type, gross, due_on, **more):
        fields = self.fields | {
            "id": uuid4(),
            "number": f"FA-L-{len(self.told)}",
            "customer_type": customer_type,
            "gross_cents": gross,
            "net_cents": gross,
            "vat_cents": 0,
            "due_on": due_on,
            "issued_on": due_on,
        }
        made = Invoice(**(fields | more))
        self.invoices.append(made)
        self.asked[made.pk] = gross
        self.told[made.pk] = {"paid": [], "deferrals": [], "ended_on": None, "notice_on": None}
        return made

    def paid(self, invoice, cents, on, *, kind="credited", is_released=False):
        days = {
            "credited": {"credited_on": on},
            "proved": {"proof_on": on, "credited_on": on + timedelta(days=3)},
            "in hand": {},
        }[kind]
        payment = Payment(
            customer_id=invoice.customer_id,
            method="transfer",
            amount_cents=cents,
            received_on=on,
            created_at=self.now,
            **days,
        )
        self.payments.append(payment)
        self._put(invoice, cents, payment=payment, is_released=is_released)
        if days and not is_released:
            self.told[invoice.pk]["paid"].append(Paid(on, cents))

    def credited(self, invoice, cents, on):
        fields = {f: getattr(invoice, f) for f in self.fields} | {
            "kind": "credit_note",
            "number": f"AV-L-{len(self.notes)}",
            "corrects_id": invoice.pk,
            "gross_cents": cents,
            "net_cents": cents,
            "issued_on": on,
        }
        note = Invoice(id=uuid4(), **fields)
        self.notes.append(note)
        self._put(invoice, cents, credit_note=note)
        self.told[invoice.pk]["paid"].append(Paid(on, cents))

    def _put(self, invoice, cents, *, is_released=False, **source):
        self.asked[invoice.pk] -= 0 if is_released else cents
        self.allocations.append(
            Allocation(
                invoice=invoice,
                amount_cents=cents,
                allocated_at=self.now,
                released_at=self.now if is_released else None,
                **source,
            )
        )

    def extended(self, invoice, until, *, document="e-mail"):
        on = invoice.due_on
        row = PaymentExtension(
            invoice=invoice, agreed_on=on, document=document, created_at=self.now, new_due_on=until
        )
        self.deferrals.append(row)
        self.told[invoice.pk]["deferrals"].append(Agreed(on, until, on, bool(document)))

    def ended(self, invoice, on):
        self.accelerations.append(Acceleration(invoice=invoice, due_on=on, created_at=self.now))
        self.told[invoice.pk]["ended_on"] = on

    def noticed(self, invoice, on):
        self.notices.append(FormalNotice(invoice=invoice, created_at=self.now, sent_on=on))
        self.told[invoice.pk]["notice_on"] = on

    def write_down(self):
        documents = self.invoices + self.notes
        InvoiceLine.objects.bulk_create(
            InvoiceLine(
                invoice_id=row.pk, position=1, description="x", quantity=1, unit_net_cents=row.net_cents
            )
            for row in documents
        )
        Invoice.objects.bulk_create(self.invoices)
        Invoice.objects.bulk_create(self.notes)
        for kept in (self.payments, self.allocations, self.deferrals, self.accelerations, self.notices):
            if kept:
                type(kept[0]).objects.bulk_create(kept)

    def due_on(self, invoice):
        told = self.told[invoice.pk]
        return effective_due_on(invoice.due_on, deferrals=told["deferrals"], terminated_on=told["ended_on"])

    def left(self, invoice):
        return invoice.gross_cents - sum(each.amount_cents for each in self.told[invoice.pk]["paid"])

    def statement(self, invoice, as_of, rates):
        """Return what the policy alone says; None where it can't."""
        told = self.told[invoice.pk]
        rules = late_rules(invoice.customer_type, on=as_of)
        notice_on = told["notice_on"]
        try:
            return late_interest(
                customer_type=invoice.customer_type,
                amount_cents=invoice.gross_cents,
                due_on=self.due_on(invoice),
                notice_on=notice_that_counts(
                    [notice_on] if notice_on and notice_on <= as_of else [], due_on=self.due_on(invoice)
                ),
                payments=told["paid"],
                as_of=as_of,
                rates=rates,
                flat_fee_cents=flat_fee_in(invoice.currency, cents=rules.flat_fee_cents),
                consumer_column=rules.consumer_rate,
            )
        except (UnknownRate, InvalidCalculation):
            return None


def drawn(ledger, dice, today):
    """Put one invoice of any kind in the ledger."""
    due_on = dice.choice(EDGES) if dice.random() < 0.3 else date(2023, 1, 1) + timedelta(dice.randrange(1400))
    currency = "CAD" if dice.random() < 0.05 else "EUR"
    gross = dice.randrange(1, 900_000)
    invoice = ledger.invoice(dice.choice(list(RULES)), gross, due_on, currency=currency)
    for _ in range(dice.randrange(4)):
        cents = dice.randrange(1, ledger.asked[invoice.pk] + 1)
        on = min(due_on + timedelta(days=dice.randrange(-20, 400)), today)
        if dice.random() < 0.15:
            ledger.credited(invoice, cents, on)
        else:
            kind = dice.choice(["credited", "credited", "proved", "in hand"])
            ledger.paid(invoice, cents, on, kind=kind, is_released=dice.random() < 0.2)
        if not ledger.asked[invoice.pk]:
            break
    for _ in range(dice.choice([0, 0, 1, 2])):
        until = due_on + timedelta(days=dice.randrange(-10, 120))
        ledger.extended(invoice, until, document=dice.choice(["e-mail", "letter", ""]))
    if dice.random() < 0.1:
        ledger.ended(invoice, due_on + timedelta(days=dice.randrange(-30, 60)))
    if dice.random() < 0.6:
        ledger.noticed(invoice, due_on + timedelta(days=dice.randrange(-3, 300)))


def ledger_of(now):
    return Ledger(invoice_of(order_signed(now=now - timedelta(days=200), method="transfer")), now)


def test_two_thousand_invoices_are_due_and_cost_what_the_policy_says_to_the_cent(now):
    dice = Random(SEED)
    today = paris_day(now)
    rates = interest_rates()
    with inside_operator():
        ledger = ledger_of(now)
        for _ in range(MANY):
            drawn(ledger, dice, today)
        ledger.write_down()
        with CaptureQueriesContext(connection) as asked:
            together = {UUID(each.invoice_id): each for each in accrued_interest(today, rates)}
            days = dict(
                Invoice.objects.filter(pk__in=ledger.told).with_due_day().values_list("pk", "falls_due_on")
            )
        assert len(asked) <= 13  # seven at once, six for the few that are counted one by one
        one_by_one = [(row, falls_due_on(row)) for row in ledger.invoices[:100]]
    assert days == {row.pk: ledger.due_on(row) for row in ledger.invoices}
    assert all(day == ledger.due_on(row) for row, day in one_by_one)
    late = [row for row in ledger.invoices if ledger.left(row) > 0 and ledger.due_on(row) < today]
    found = {pk: each for pk, each in together.items() if pk in ledger.told}
    assert set(found) == {row.pk for row in late}
    known = [check(row, ledger, found[row.pk], today, rates) for row in late]
    assert len(late) > MANY / 2
    assert sum(known) > MANY / 2


def check(row, ledger, claim, today, rates):
    """Hold what SQL says of an invoice against the policy; return whether there is interest to say."""
    mine = ledger.statement(row, today, rates)
    words = (row.customer_type, row.due_on, row.gross_cents, ledger.told[row.pk])
    assert (claim.currency, claim.balance_cents, claim.due_on) == (
        row.currency,
        ledger.left(row),
        ledger.due_on(row),
    )
    assert claim.interest_cents == (mine.interest_cents if mine else None), words
    if mine and mine.segments:
        assert claim.flat_fee_cents == mine.flat_fee_cents, words
    return bool(mine and mine.interest_cents)


@pytest.mark.parametrize("row", rows("late_interest"), ids=lambda row: row["case"])
def test_the_golden_rows_cost_in_sql_what_they_cost_in_the_contract(row, now, monkeypatch):
    monkeypatch.setattr(
        at_once, "late_rules", lambda customer_type, on: late_rules(customer_type, on=max(on, FIRST))
    )
    start = date.fromisoformat(row["due"].removeprefix("formal notice "))
    *before, last = payments(row["payments"])
    with inside_operator():
        ledger = ledger_of(now)
        invoice = ledger.invoice(row["regime"], parse_amount(row["amount_ttc_eur"]), start)
        for paid in before:
            ledger.paid(invoice, paid.amount_cents, paid.paid_on)
        ledger.noticed(invoice, start)
        ledger.write_down()
        found = {each.invoice_id: each for each in accrued_interest(last.paid_on, interest_rates())}
    claim = found[str(invoice.pk)]  # on the day before the last payment comes in, its day included
    assert claim.balance_cents == last.amount_cents
    assert claim.interest_cents == parse_amount(row["expected_interest_eur"])
    assert claim.flat_fee_cents == parse_amount(row["expected_flat_fee_eur"])


def test_what_is_late_before_a_deferral_without_its_document_stays_late(now):
    today = paris_day(now)
    with inside_operator():
        ledger = ledger_of(now)
        invoice = ledger.invoice("professional", 120_000, today - timedelta(days=30))
        ledger.extended(invoice, today + timedelta(days=30), document="")
        ledger.write_down()
        found = {each.invoice_id: each for each in accrued_interest(today, interest_rates())}
        assert falls_due_on(invoice) == invoice.due_on
    assert found[str(invoice.pk)].due_on == invoice.due_on
