"""A late consumer owes the statutory rate after a formal notice, and never the 40 EUR."""

from datetime import date
from decimal import Decimal

import pytest

from billing.collections.policy.late_interest import (
    InvalidCalculation,
    consumer_rate,
    late_interest,
    notice_that_counts,
)
from billing.invoicing.policy.mentions import Mention, invoice_mentions
from billing.invoicing.policy.paid import Payment
from billing.models import Invoice
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.money import format_amount
from demo.factories.billing import invoice_of, order_signed
from demo.factories.families import family_contact
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.late import golden, statement_of
from tests.clauses.stage import desk, live, read

RATES = interest_rates()


@pytest.mark.parametrize("row", golden("consumer"), ids=lambda row: row["case"])
def test_the_golden_statement(row):
    found = statement_of(row)
    assert format_amount(found.interest_cents) == row["expected_interest_eur"]
    assert format_amount(found.flat_fee_cents) == row["expected_flat_fee_eur"] == "0.00"
    assert found.clause == "LG-S6.3c"


def test_the_profile_can_name_the_other_column():
    [row] = golden("consumer")
    assert statement_of(row, consumer_column="other").interest_cents == 38


def test_nothing_runs_without_a_formal_notice():
    found = late_interest(
        customer_type="consumer",
        amount_cents=11900,
        due_on=date(2026, 1, 1),
        payments=(),
        rates=RATES,
        flat_fee_cents=4000,
        as_of=date(2026, 9, 1),
    )
    assert (found.total_cents, found.unpaid_cents) == (0, 11900)


def test_paid_after_the_due_date_and_before_the_notice_owes_nothing():
    found = late_interest(
        customer_type="consumer",
        amount_cents=11900,
        due_on=date(2026, 1, 1),
        notice_on=date(2026, 3, 1),
        payments=[Payment(date(2026, 2, 1), 11900)],
        rates=RATES,
        flat_fee_cents=4000,
    )
    assert found.total_cents == 0


def test_the_rate_is_that_of_the_notices_day_and_not_of_the_due_date():
    assert consumer_rate(date(2025, 12, 31), RATES) == Decimal("6.65")
    assert consumer_rate(date(2026, 1, 1), RATES) == Decimal("6.67")
    with pytest.raises(ValueError, match="no column"):
        consumer_rate(date(2026, 1, 1), RATES, column="cheaper")


def test_a_notice_before_the_due_date_is_refused():
    with pytest.raises(InvalidCalculation):
        late_interest(
            customer_type="consumer",
            amount_cents=1,
            due_on=date(2026, 3, 1),
            notice_on=date(2026, 2, 1),
            payments=(),
            rates=RATES,
            flat_fee_cents=4000,
            as_of=date(2026, 4, 1),
        )


def test_the_flat_fee_never_stands_on_a_consumers_invoice():
    assert Mention.FLAT_FEE not in invoice_mentions("consumer")
    assert Mention.LATE_CONSUMER in invoice_mentions("consumer")
    assert all(Mention.FLAT_FEE in invoice_mentions(kind) for kind in ("professional", "public_body"))


@pytest.mark.story(
    "LG-S6.3c",
    door="page",
    fr="Un particulier en retard ne doit rien tant qu’aucune mise en demeure n’est partie ; donnée le "
    "20 décembre, elle fait courir le taux des particuliers de ce jour, sans les 40 €, et le "
    "versement du 9 janvier réduit ce qui court.",
)
def test_a_consumer_owes_nothing_before_the_formal_notice_and_never_the_40_euros(browse, clock, now):
    """A consumer who is late owes nothing while no formal notice was sent; given on 20 December it starts the
    rate for individuals of that day, without the 40 EUR, and the payment of 9 January lowers what runs.
    """
    with inside_operator():
        family = family_contact("Roussel", "nadia@roussel.example")
        invoice = invoice_of(order_signed(family, now=now, method="transfer", quantity=500))
    live(clock, date(2026, 12, 20))
    finance = desk(browse, now)
    page = url("late_invoice", invoice.pk)
    assert "Pas encore de mise en demeure" in read(finance.get(page))
    notice = {"notice-on": "2026-12-20", "notice-letter": "1A 222 333 4444 5"}
    assert finance.post(url("formal_notice_new", invoice.pk), notice).status_code == 302
    live(clock, date(2027, 1, 9))
    money = {"method": "transfer", "amount": "1000", "received_on": "2027-01-09", "credited_on": "2027-01-09"}
    desk(browse, now).post(url("payment_new"), {"invoice": str(invoice.pk)} | money)
    live(clock, date(2027, 1, 19))
    owed = read(desk(browse, now).get(page))
    assert "20 2 940,00 € 6,84 % 11,02 €" in owed  # 2,940.00 x 6.84 % x 20 / 365
    assert "10 1 940,00 € 6,84 % 3,64 €" in owed  # 1,940.00 x 6.84 % x 10 / 365
    assert "En tout 1 954,66 €" in owed


def test_more_time_ends_a_formal_notice_and_the_next_one_counts():
    sent = [date(2026, 12, 20), date(2027, 3, 5)]
    assert notice_that_counts(sent, due_on=date(2026, 12, 16)) == date(2026, 12, 20)
    assert notice_that_counts(sent, due_on=date(2027, 2, 28)) == date(2027, 3, 5)
    assert notice_that_counts(sent, due_on=date(2027, 3, 6)) is None


@pytest.mark.story(
    "LG-S6.3c",
    "LG-S6.3d",
    door="page",
    fr="Mise en demeure le 20 décembre, la famille obtient un délai au 28 février : plus rien ne court ; en "
    "retard de nouveau, les intérêts ne courent que d’une nouvelle mise en demeure.",
)
def test_more_time_ends_the_formal_notice_and_interest_waits_for_another(browse, clock, now):
    """Given formal notice on 20 December, a family gets more time to 28 February: nothing runs any more; late
    again, interest runs from a new formal notice only.
    """
    with inside_operator():
        family = family_contact("Roussel", "nadia@roussel.example")
        invoice = invoice_of(order_signed(family, now=now, method="transfer", quantity=500))
    page, given = url("late_invoice", invoice.pk), url("formal_notice_new", invoice.pk)
    live(clock, date(2026, 12, 20))
    assert desk(browse, now).post(given, {"notice-on": "2026-12-20"}).status_code == 302
    live(clock, date(2027, 1, 9))
    assert "20 2 940,00 € 6,84 % 11,02 €" in read(desk(browse, now).get(page))
    more = {"new_due_on": "2027-02-28", "document": "Courriel du 9 janvier"}
    assert desk(browse, now).post(url("invoice_extension", invoice.pk), more).status_code == 302
    assert "Pas encore de mise en demeure" in read(desk(browse, now).get(page))
    live(clock, date(2027, 3, 5))
    assert "Pas encore de mise en demeure" in read(desk(browse, now).get(page))
    with inside_operator():
        invoice = Invoice.objects.get(pk=invoice.pk)
    assert desk(browse, now).post(given, {"notice-on": "2027-03-05"}).status_code == 302
    with inside_operator():
        assert [str(row.sent_on) for row in invoice.formal_notices.all()] == ["2026-12-20", "2027-03-05"]
    assert "Mise en demeure faite le 5 mars 2027" in read(desk(browse, now).get(page))
