"""A late professional owes interest at a frozen rate and 40 EUR once; a public body its own rate."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.collections.policy.late_interest import (
    Claimed,
    InvalidCalculation,
    flat_fee_in,
    late_interest,
    left_to_claim,
    professional_rate,
    public_body_rate,
)
from billing.invoicing.policy.paid import Payment
from billing.models import InterestClaim
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.money import format_amount
from billing.money.policy.rates import UnknownRate
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.late import golden, statement_of
from tests.clauses.stage import at, desk, live, read

RATES = interest_rates()
DUE = date(2026, 3, 31)


def owed(**changes: Any) -> Any:
    facts: dict[str, Any] = {
        "customer_type": "professional",
        "amount_cents": 120000,
        "due_on": DUE,
        "payments": (),
        "rates": RATES,
        "flat_fee_cents": 4000,
    }
    return late_interest(**{**facts, **changes})


@pytest.mark.parametrize("row", golden("professional", "public_body"), ids=lambda row: row["case"])
def test_the_golden_statements(row):
    found = statement_of(row)
    assert format_amount(found.interest_cents) == row["expected_interest_eur"]
    assert format_amount(found.flat_fee_cents) == row["expected_flat_fee_eur"]
    assert format_amount(found.total_cents) == row["expected_total_eur"]
    assert found.clause == "LG-S6.3p"


@pytest.mark.parametrize(
    ("due_on", "rate"),
    [
        (date(2024, 1, 15), "15.21"),  # 3 x 5.07 wins over 4.50 + 10
        (date(2026, 6, 30), "12.15"),  # 2.15 + 10 wins over 3 x 2.62
        (date(2026, 7, 1), "12.40"),  # the ECB rate of 1 July
        (date(2026, 9, 20), "12.40"),  # not the change of 16 September
    ],
)
def test_the_rate_is_the_higher_of_two_of_the_half_year_of_the_due_date(due_on, rate):
    assert professional_rate(due_on, RATES) == Decimal(rate)


def test_a_public_bodys_rate_is_of_the_half_year_in_which_interest_starts():
    assert public_body_rate(date(2026, 6, 30), RATES) == Decimal("10.40")
    assert public_body_rate(date(2026, 6, 29), RATES) == Decimal("10.15")


def test_paid_on_the_due_date_owes_nothing():
    found = owed(payments=[Payment(DUE, 120000)])
    assert (found.segments, found.total_cents, found.unpaid_cents) == ((), 0, 0)


def test_a_part_payment_reduces_the_base_from_its_day_and_the_fee_is_owed_once():
    found = owed(payments=[Payment(date(2026, 4, 30), 20000), Payment(date(2026, 5, 30), 100000)])
    assert [(part.days, part.base_cents, part.interest_cents) for part in found.segments] == [
        (30, 120000, 1198),
        (30, 100000, 999),
    ]
    assert found.flat_fee_cents == 4000


def test_two_payments_on_one_day_close_one_segment():
    found = owed(payments=[Payment(date(2026, 4, 30), 20000), Payment(date(2026, 4, 30), 100000)])
    assert len(found.segments) == 1


def test_paid_in_advance_counts_from_the_start():
    found = owed(payments=[Payment(date(2026, 3, 1), 100000), Payment(date(2026, 4, 30), 20000)])
    assert [part.base_cents for part in found.segments] == [20000]


def test_a_statement_as_of_a_day_runs_on_the_unpaid_balance_and_forgets_later_payments():
    found = owed(payments=[Payment(date(2026, 5, 30), 120000)], as_of=date(2026, 4, 30))
    assert (found.interest_cents, found.flat_fee_cents, found.unpaid_cents) == (1198, 4000, 120000)
    assert owed(as_of=DUE).total_cents == 0


def test_settled_before_the_day_asked_stops_at_the_payment():
    found = owed(payments=[Payment(date(2026, 4, 30), 120000)], as_of=date(2026, 12, 31))
    assert (found.interest_cents, found.unpaid_cents) == (1198, 0)


@pytest.mark.parametrize("due_on", [date(2027, 1, 1), date(2014, 6, 1)])
def test_an_unknown_rate_is_an_error_never_a_guess(due_on):
    with pytest.raises(UnknownRate):
        owed(due_on=due_on, as_of=date(due_on.year, 12, 31))


def test_a_public_body_whose_interest_starts_in_an_unknown_half_year_is_an_error():
    with pytest.raises(UnknownRate):
        owed(customer_type="public_body", due_on=date(2026, 12, 31), as_of=date(2027, 2, 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"customer_type": "friend"},
        {"amount_cents": 0},
        {"payments": [Payment(date(2026, 4, 1), -5)]},
        {"payments": [Payment(date(2026, 4, 1), 120001)]},
        {"payments": [Payment(date(2026, 4, 1), 5)]},  # a balance, and no day to count to
    ],
)
def test_what_contradicts_itself_is_refused(changes):
    with pytest.raises(InvalidCalculation):
        owed(**changes)


def test_the_flat_fee_is_owed_in_euros_and_added_to_no_other_currency():
    assert flat_fee_in("EUR", cents=4000) == 4000
    assert flat_fee_in("CAD", cents=4000) == 0


@pytest.fixture
def invoice(now: Any) -> Any:
    """Return an invoice of 2,940.00 EUR, sent to a school on 16 November, due on 16 December 2026."""
    with inside_operator():
        found = invoice_of(order_signed(now=now, method="transfer", quantity=500))
        assert (found.gross_cents, found.due_on) == (294000, date(2026, 12, 16))
        return found


def pay_1000(finance: Any, invoice: Any, day: str) -> Any:
    """Write down in the console that 1,000.00 EUR came by transfer."""
    money = {"method": "transfer", "amount": "1000", "received_on": day, "credited_on": day}
    return finance.post(url("payment_new"), {"invoice": str(invoice.pk)} | money)


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="Une école en retard verse 1 000 € : dès ce jour, les intérêts ne courent plus que sur le reste, "
    "au taux du semestre de l’échéance, et les 40 € ne sont dus qu’une fois.",
)
def test_a_part_payment_lowers_the_base_from_its_day(browse, clock, now, invoice):
    """A school that is late pays 1,000 EUR: from that day interest runs on what is left, still at the rate of
    the half-year of the due date, and the flat 40 EUR is owed once.
    """
    live(clock, date(2027, 1, 15))
    assert pay_1000(desk(browse, now), invoice, "2027-01-15").status_code == 302
    live(clock, date(2027, 2, 14))
    claim = read(desk(browse, now).post(url("late_draw", invoice.pk), {"on": "2027-02-14"}, follow=True))
    # 2,940.00 x 12.40 % x 30 / 365, then 1,940.00 x 12.40 % x 30 / 365; 12.40 % = 2.40 + 10, of July 2026
    assert "30 2 940,00 € 12,40 % 29,96 €" in claim
    assert "30 1 940,00 € 12,40 % 19,77 €" in claim
    assert "Intérêts 49,73 €" in claim
    assert "Indemnité 40,00 €" in claim
    assert "Réclamé, hors TVA 89,73 €" in claim


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="La banque rejette ce versement : il n’a rien payé, et les intérêts se comptent sur toute la "
    "facture depuis l’échéance.",
)
def test_a_payment_the_bank_takes_back_never_lowered_the_base(browse, clock, now, invoice):
    """The bank takes that payment back: it paid nothing, and interest is counted on the whole invoice from
    its due date.
    """
    live(clock, date(2027, 1, 15))
    paid = pay_1000(desk(browse, now), invoice, "2027-01-15")
    live(clock, date(2027, 1, 25))
    taken_back = {"bounce-on": "2027-01-25", "bounce-reason": "rejet"}
    assert desk(browse, now).post(f"{paid.url}bounce/", taken_back).status_code == 302
    live(clock, date(2027, 2, 14))
    page = read(desk(browse, now).get(url("late_invoice", invoice.pk)))
    assert "60 2 940,00 € 12,40 % 59,93 €" in page  # 2,940.00 x 12.40 % x 60 / 365
    assert "En tout 3 039,93 €" in page  # with the flat 40.00


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="Payée le jour de l’échéance, la facture ne coûte ni intérêts ni indemnité ; le lendemain, un "
    "seul jour.",
)
def test_the_due_date_itself_is_not_late(browse, clock, now, invoice):
    """On its due date an invoice costs neither interest nor fee; the day after, one day and the flat fee."""
    live(clock, invoice.due_on, hour=20)
    finance = desk(browse, now)
    assert "Rien n’est dû" in read(finance.get(url("late_invoice", invoice.pk)))
    live(clock, date(2026, 12, 17))
    page = read(desk(browse, now).get(url("late_invoice", invoice.pk)))
    assert "Intérêts 1,00 €" in page  # 2,940.00 x 12.40 % / 365
    assert "En tout 2 981,00 €" in page


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="Un décompte est établi le vingtième jour, un second cinq jours plus tard : il ne demande que ces "
    "cinq jours, et pas une deuxième indemnité de 40 €.",
)
def test_a_second_claim_asks_only_what_the_first_did_not(browse, clock, now):
    """A claim is issued on the 20th day; a second, five days later, asks for those five days only, and no
    second flat fee of 40 EUR.
    """
    with inside_operator():
        invoice = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
    for days in (20, 25):
        on = invoice.due_on + timedelta(days=days)
        live(clock, on)
        assert desk(browse, at(on)).post(url("late_draw", invoice.pk), {"on": str(on)}).status_code == 302
    with inside_operator():
        first, second = InterestClaim.objects.filter(invoice=invoice).order_by("created_at")
    assert first.flat_fee_cents == 4000
    assert (second.flat_fee_cents, second.interest_cents < first.interest_cents) == (0, True)


@pytest.mark.parametrize(
    ("earlier", "interest", "fee"),
    [
        ([], 1198, 4000),
        ([Claimed(800, 4000)], 398, 0),
        ([Claimed(800, 4000), Claimed(398, 0)], 0, 0),
        ([Claimed(1300, 4000)], 0, 0),  # a payment of an earlier day was recorded since
        ([Claimed(800, 0)], 398, 4000),
    ],
)
def test_a_claim_asks_what_no_earlier_one_did(earlier, interest, fee):
    assert left_to_claim(owed(as_of=date(2026, 4, 30)), earlier) == Claimed(interest, fee)
