"""Claims for late interest are found like invoices: among what is late, in its file, in their own list."""

from datetime import date

import pytest

from billing.collections.queries.claims import claim_state
from billing.models import InterestClaim
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, read
from tests.clauses.test_lg_s6_3p_claims_are_paid import drawn, pay

pytestmark = pytest.mark.django_db

LATE = date(2027, 2, 15)
LOST = {"amount": "69,96", "on": "2027-02-15", "reason": "insolvency", "words": "Liquidation", "confirm": "1"}


@pytest.fixture
def invoice(now):
    with inside_operator():
        return invoice_of(order_signed(now=now, method="transfer", quantity=500))


@pytest.fixture
def claim(browse, clock, now, invoice):
    """Return the claim of an invoice that was paid late; it is overdue since yesterday."""
    claim = drawn(browse, clock, now, invoice)
    pay(desk(browse, now), invoice, "2940", "2027-01-15")
    live(clock, LATE)
    return claim


def csv_of(finance, page):
    """Return the lines of a list's file."""
    return finance.get(page).content.decode().splitlines()


def test_what_is_late_takes_claims_along_and_finds_them(browse, now, invoice, claim):
    finance = desk(browse, now)
    (line,) = [each for each in csv_of(finance, url("late") + "?format=csv") if claim.number in each]
    assert "69,96" in line
    assert invoice.number in line
    assert "en retard" in line
    with inside_operator():
        other = ContactFactory().customer
        name = invoice.customer.name.split()[0]
    for words in (claim.number, invoice.number, name):
        assert claim.number in read(finance.get(url("late"), {"q": words}))
    for asked in ({"q": "Nulle-Part"}, {"state": "consumer"}):
        assert claim.number not in read(finance.get(url("late"), asked))
        assert not [
            row for row in csv_of(finance, url("late") + "?format=csv&q=Nulle-Part") if claim.number in row
        ]
    assert other.name != name


def test_all_claims_stand_in_a_list_by_their_state(browse, now, claim):
    finance = desk(browse, now)
    claims = url("interest_claims")
    assert claims in finance.get(url("late")).content.decode()

    def held():
        states = (
            "open",
            "late",
            "payment_suspended",
            "paid",
            "credited",
            "written_off",
            "credit_note",
            "disputed",
        )
        pages = {state: finance.get(claims, {"state": state}).content.decode() for state in states}
        return [state for state, page in pages.items() if url("interest_claim", claim.pk) in page]

    assert held() == ["open", "late"]
    page = read(finance.get(claims))
    assert "69,96" in page
    assert "en retard" in page
    contest = {"dispute-reason": "Payée à temps"}
    assert finance.post(url("interest_claim_dispute", claim.pk), contest).status_code == 302
    assert held() == ["open", "late", "disputed"]
    assert "en retard, en litige" in csv_of(finance, claims + "?format=csv")[1]
    finance.post(url("interest_claim_dispute", claim.pk), contest)
    assert finance.post(url("claim_write_off", claim.pk), LOST).status_code == 302
    assert held() == ["written_off"]
    assert "passé en perte" in read(finance.get(claims))
    assert "passé en perte" in csv_of(finance, claims + "?format=csv")[1]
    assert claim.number not in read(finance.get(claims, {"q": "Nulle-Part"}))


def test_a_claim_that_was_paid_or_corrected_says_so(browse, now, claim):
    finance = desk(browse, now)
    paid = {"paid-amount": "69,96", "paid-on": "2027-02-15", "paid-reference": claim.number}
    assert finance.post(url("interest_claim_pay", claim.pk), paid).status_code == 302
    assert claim.number in read(finance.get(url("interest_claims"), {"state": "paid"}))
    assert "payé" in read(finance.get(url("interest_claim", claim.pk)))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "late"),
        ({"is_suspended": True}, "payment_suspended"),
        ({"falls_due_on": LATE}, "open"),
        ({"falls_due_on": LATE, "paid_cents": 1}, "part_paid"),
        ({"paid_cents": 100}, "paid"),
        ({"paid_cents": 60, "corrected_cents": -40}, "paid"),
        ({"corrected_cents": -100}, "credited"),
        ({"paid_cents": 40, "written_off_cents": 60}, "written_off"),
        ({"corrects_id": 1}, "credit_note"),
    ],
)
def test_a_claims_word(facts, state):
    claim = InterestClaim(total_cents=100)
    usual = {"paid_cents": 0, "corrected_cents": 0, "written_off_cents": 0, "is_suspended": False}
    for name, value in ({"falls_due_on": date(2027, 2, 14)} | usual | facts).items():
        setattr(claim, name, value)
    assert claim_state(claim, today=LATE) == state


def test_a_claim_taken_back_whole_and_its_correction_say_so(browse, clock, now, invoice):
    claim = drawn(browse, clock, now, invoice)
    form = {"whole": "1", "reason": "Erreur de commande", "since": "start"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), form).status_code == 302
    (correction,) = rows_of(InterestClaim.objects.filter(corrects=claim))
    finance = desk(browse, now)
    claims = url("interest_claims")
    whole, taken = (read(finance.get(claims, {"state": state})) for state in ("credited", "credit_note"))
    assert claim.number in whole
    assert "entièrement corrigé" in whole
    assert correction.number in taken
    assert "rectificatif" in taken
