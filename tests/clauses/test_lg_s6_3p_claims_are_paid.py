"""A claim for late interest is a receivable: sent, paid by its number, corrected when it is too high."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agenda.models import OutboxMessage
from billing.accounting.queries.check import faults
from billing.collections.policy.late_interest import Claimed, corrections
from billing.models import (
    BankStatementLine,
    ClaimAllocation,
    InterestClaim,
    JournalEntry,
    JournalLine,
    Payment,
)
from billing.payments.actions.receive_on_account import receive_on_account
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.bank_files import camt, entry, tx
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, mails, plain, read, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(now: Any) -> Any:
    """Return an invoice of 2,940.00 EUR, sent to a school on 16 November, due on 16 December 2026."""
    with inside_operator():
        return invoice_of(order_signed(now=now, method="transfer", quantity=500))


@pytest.fixture
def claim(browse: Any, clock: Any, now: Any, invoice: Any) -> Any:
    """Return the claim drawn 30 days after its due date: 29.96 EUR of interest and the flat fee of 40 EUR."""
    return drawn(browse, clock, now, invoice)


def drawn(browse: Any, clock: Any, now: Any, invoice: Any) -> Any:
    """Draw the claim of an invoice at the desk."""
    live(clock, date(2027, 1, 15))
    assert desk(browse, now).post(url("late_draw", invoice.pk), {"on": "2027-01-15"}).status_code == 302
    (found,) = rows_of(InterestClaim.objects)
    assert found.total_cents == 6996
    return found


def pay(finance: Any, invoice: Any, amount: str, day: str) -> None:
    money = {"method": "transfer", "amount": amount, "received_on": day, "credited_on": day}
    answer = finance.post(url("payment_new"), {"invoice": str(invoice.pk), "keep_surplus": "on"} | money)
    assert answer.status_code == 302


def mails_of(claim: Any) -> list[str]:
    rows = rows_of(OutboxMessage.objects)
    return [row.template for row in rows if row.ids.get("claim") == str(claim.pk)]


def statement_with(finance: Any, cents: int, text: str) -> tuple[str, str]:
    """Return the page of a bank's file with one line, and the name of its field."""
    content = camt(
        entry(cents, tx(cents, text=text), day="2027-01-20"), opened="2027-01-20", closed="2027-01-20"
    )
    page = finance.post(url("bank"), {"file": SimpleUploadedFile("releve.xml", content)}).headers["Location"]
    line = rows_of(BankStatementLine.objects)[-1]
    return page, f"choose-{line.pk}"


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="L’école paie la facture, pas les intérêts : le décompte reste dû dans les retards et à faire, "
    "jusqu’au virement qui porte son numéro.",
)
def test_a_claim_is_owed_until_a_transfer_names_it(browse, clock, now, invoice, claim):
    """The school pays the invoice and not the interest: the claim stays owed among what is late, with its
    day, until the transfer that names its number.
    """
    assert mails_of(claim) == ["billing/interest_claim"]
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    pay(finance, invoice, "2940", "2027-01-20")
    late = read(finance.get(url("late")))
    assert claim.number in late
    assert "14/02/2027" in late
    assert claim.number not in read(finance.get(url("todo")))  # nothing to do before its day
    page, field = statement_with(finance, claim.total_cents, f"reglement {claim.number}")
    assert f'value="claim:{claim.pk}" checked' in finance.get(page).content.decode()
    finance.post(page, {field: f"claim:{claim.pk}"})
    assert claim.number not in read(finance.get(url("late")))
    payments = finance.get(url("payments")).content.decode()
    assert f'href="{url("interest_claim", claim.pk)}">{claim.number}</a>' in payments
    assert claim.number in finance.get(url("payments") + "?format=csv").content.decode("utf-8-sig")
    assert claim.number in read(finance.get(url("payments") + f"?q={claim.number}"))
    assert "Reste à payer 0,00 €" in read(finance.get(url("interest_claim", claim.pk)))
    with inside_operator():
        entries = JournalEntry.objects.filter(source_id=claim.pk)
        lines = JournalLine.objects.filter(role="receivable", entry__in=entries)
        assert [bool(line.letter) for line in lines] == [True]
        assert not list(faults())


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="Un versement arrivé plus tôt est noté après le décompte : celui-ci demandait trop, il est corrigé "
    "de la différence et l’école l’apprend.",
)
def test_a_claim_that_asked_too_much_is_corrected(browse, clock, now, invoice, claim):
    """A payment that came earlier is recorded after the claim: it asked too much, is corrected by the
    difference, and the school is told; what it had paid of it is its credit.
    """
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    paid = {"paid-amount": "69,96", "paid-on": "2027-01-20", "paid-reference": claim.number}
    assert finance.post(url("interest_claim_pay", claim.pk), paid).status_code == 302
    pay(finance, invoice, "1000", "2026-12-31")
    with inside_operator():
        (fixed,) = InterestClaim.objects.filter(corrects=claim)
        # 29.96 less 14.98 for 15 days on 2,940.00, and 9.89 for 15 on 1,940.00
        assert (fixed.interest_cents, fixed.flat_fee_cents) == (-509, 0)
        assert not list(faults())
    assert mails_of(fixed) == ["billing/claim_corrected"]
    page = read(finance.get(url("interest_claim", claim.pk)))
    assert "Payé 64,87 €" in page
    assert "Reste à payer 0,00 €" in page
    assert "corrigé" in read(finance.get(url("customer_statement", invoice.customer_id)))
    live(clock, date(2027, 1, 21))
    assert "Ce que vous avez payé en trop est à votre disposition" in plain(mails(claim.number)[-1].body)


@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="La facture avait été payée à temps, on le note après coup : le décompte est corrigé en entier, "
    "les 40 € compris.",
)
def test_a_claim_of_an_invoice_paid_on_time_is_taken_back_whole(browse, clock, now, invoice, claim):
    """The invoice had been paid in time, recorded afterwards: the claim is corrected whole, with its fee."""
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    pay(finance, invoice, "2940", "2026-12-16")
    with inside_operator():
        (fixed,) = InterestClaim.objects.filter(corrects=claim)
        assert fixed.total_cents == -6996
    assert claim.number not in read(finance.get(url("late")))
    live(clock, date(2027, 1, 21))
    told = plain(mails(claim.number)[-1].body)
    assert "Reste à payer de ce décompte : 0,00 €." in told
    assert "payé en trop" not in told


@pytest.mark.parametrize(
    ("too_much", "parts"),
    [
        (Claimed(0, 0), [Claimed(0, 0), Claimed(0, 0)]),
        (Claimed(300, 0), [Claimed(300, 0), Claimed(0, 0)]),
        (Claimed(600, 4000), [Claimed(400, 0), Claimed(200, 4000)]),
    ],
)
def test_the_last_claim_is_corrected_first(too_much, parts):
    assert corrections(too_much, [Claimed(400, 0), Claimed(800, 4000)]) == parts


@pytest.mark.parametrize(("since", "cents"), [("start", 0), ("today", 6996)])
@pytest.mark.story(
    "LG-S6.3p",
    door="page",
    fr="La facture était une erreur : rien n’en a jamais été dû, le décompte est repris en entier. Une "
    "remise accordée aujourd’hui, elle, laisse dus les intérêts d’hier.",
)
def test_interest_is_due_on_what_was_owed_only(browse, clock, now, invoice, claim, since, cents):
    """The invoice was an error: nothing of it was ever owed and the claim is taken back whole; a reduction
    granted today leaves the interest of yesterday due.
    """
    live(clock, date(2027, 1, 16))
    form = {"whole": "1", "reason": "Erreur de commande", "since": since}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), form).status_code == 302
    with inside_operator():
        assert sum(row.total_cents for row in InterestClaim.objects.filter(invoice=invoice)) == cents
        assert not list(faults())


def test_the_client_reads_what_is_claimed_and_how_to_pay_it(browse, clock, now, invoice, claim):
    client = visitor(browse, invoice.order.contact)
    assert claim.number in read(client.get(url("portal")))
    assert claim.number in read(client.get(url("portal_claims")))
    page = read(client.get(url("portal_claim", claim.pk)))
    assert "Reste à payer 69,96 €" in page
    assert "IBAN" in page
    assert client.get(url("portal_claim_pdf", claim.pk)).status_code == 200
    with inside_operator():
        stranger = order_signed(now=now).contact
    other = visitor(browse, stranger)
    for name in ("portal_claim", "portal_claim_pdf"):
        assert other.get(url(name, claim.pk)).status_code == 404
    assert claim.number not in read(other.get(url("portal_claims")))


def test_free_money_is_given_to_a_claim_beside_an_invoice(browse, clock, now, invoice, claim):
    """What a client has with us is given in one act to an invoice and to a claim, never more than is left."""
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    pay(finance, invoice, "2980", "2027-01-20")
    (payment,) = rows_of(Payment.objects)
    assert f'href="{url("interest_claim", claim.pk)}">{claim.number}' in finance.get(url("payment_new")).text
    page = url("payment_allocate", payment.pk)
    assert claim.number in read(finance.get(page))
    field = f"claim-{claim.pk}"
    assert finance.post(page, {field: "40,01"}).status_code == 422
    assert finance.post(page, {field: "rien"}).status_code == 422
    assert finance.post(page, {field: "40"}).status_code == 302
    assert "Payé 40,00 €" in read(finance.get(url("interest_claim", claim.pk)))
    assert claim.number in read(finance.get(url("payment", payment.pk)))


def test_what_was_claimed_is_not_asked_a_second_time_among_what_is_late(browse, clock, now, invoice, claim):
    """The day its claim is drawn an overdue invoice costs nothing beyond it, on the page and in the file."""
    finance = desk(browse, now)
    page = read(finance.get(url("late")))
    assert "Intérêts exigibles aujourd’hui 0,00 €" in page
    assert "Indemnités forfaitaires 0,00 €" in page
    lines = finance.get(url("late") + "?format=csv").text.splitlines()
    (row,) = [line for line in lines if line.startswith(f"{invoice.number};")]
    assert ";2940,00;0,00;0,00;EUR" in row
    assert "En tout 3 009,96 €" in read(finance.get(url("late_invoice", invoice.pk)))


def test_money_that_has_not_arrived_and_a_strangers_claim_are_refused(browse, clock, now, invoice, claim):
    """A cheque in hand pays no claim, and nobody's money pays another client's: said, nothing is written."""
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    cheque = {"method": "cheque", "amount": "2980", "received_on": "2027-01-20", "keep_surplus": "on"}
    finance.post(url("payment_new"), {"invoice": str(invoice.pk)} | cheque)
    (payment,) = rows_of(Payment.objects)
    page = url("payment_allocate", payment.pk)
    field = f"claim-{claim.pk}"
    assert field not in finance.get(page).text
    assert finance.post(page, {field: "40"}).status_code == 422
    with inside_operator():
        other = invoice_of(order_signed(now=at(date(2027, 1, 20)), method="transfer", site_slug="autre"))
    pay(finance, other, "2000", "2027-01-20")
    free = rows_of(Payment.objects.exclude(pk=payment.pk))[0]
    assert finance.post(url("payment_allocate", free.pk), {field: "40"}).status_code == 422
    assert not rows_of(ClaimAllocation.objects)


def test_what_the_paper_of_a_claim_asks_in_all_pays_the_claim_and_its_invoice(
    browse, clock, now, invoice, claim
):
    """The claim's paper asks 69.96 and the 2,940.00 of its invoice under its reference: who pays that owes
    nothing more.
    """
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    page, field = statement_with(finance, 300996, f"reglement {claim.number}")
    assert "est gardé en avoir" not in read(finance.get(page))
    finance.post(page, {field: f"claim:{claim.pk}"})
    assert "Reste à payer 0,00 €" in read(finance.get(url("interest_claim", claim.pk)))
    assert invoice.number not in read(finance.get(url("late")))
    with inside_operator():
        assert not list(faults())


def test_money_that_pays_nothing_is_said_before_a_claim_is_drawn(browse, clock, now, invoice):
    with inside_operator():
        receive_on_account(
            customer_id=invoice.customer_id,
            amount_cents=294000,
            currency="EUR",
            credited_on=date(2026, 12, 20),
            reference="VIR 7",
            by=None,
            now=at(date(2026, 12, 20)),
        )
    live(clock, date(2027, 1, 15))
    page = read(desk(browse, now).get(url("late_invoice", invoice.pk)))
    assert "De l’argent de ce client ne paie encore rien" in page
    assert re.search(r"2\s940,00\s€\s?, 20 décembre", page)
