"""A receivable is given up: no longer due anywhere, and the books, its VAT and its letters say so."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum

from audit.models import Entry
from billing.accounting.queries.check import faults
from billing.models import InterestClaim, JournalEntry, JournalLine, VatMovement, WriteOff
from billing.money.gateways import seller as gateway
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, read, visitor

pytestmark = pytest.mark.django_db

LOST = {"reason": "insolvency", "words": "Liquidation judiciaire, certificat du mandataire"}


def seller_on_debits(chosen: bool) -> dict[str, Any]:
    """Return the seller with the option for VAT on debits, or without it."""
    return gateway.seller() | {"vat_on_debits": [{"since": date(2020, 1, 1), "chosen": chosen}]}


@pytest.fixture
def invoice(now: Any, monkeypatch: Any) -> Any:
    """Return an invoice of 2,940.00 EUR due on 16 December 2026, whose 490.00 of VAT wait for its money."""
    known = seller_on_debits(False)
    monkeypatch.setattr(gateway, "seller", lambda: known)
    with inside_operator():
        return invoice_of(order_signed(now=now, method="transfer", quantity=500))


def booked(row: WriteOff) -> dict[str, int]:
    """Return what a write-off has in the books, by account."""
    with inside_operator():
        ids = JournalEntry.objects.filter(source_id=row.pk).values("pk")
        sums = JournalLine.objects.filter(entry__in=ids).order_by().values("role")
        return {each["role"]: each["cents"] for each in sums.annotate(cents=Sum("cents")) if each["cents"]}


def given_up(finance: Any, name: str, about: Any, **more: str) -> WriteOff:
    """Return what the desk wrote off after it saw what will be booked."""
    form = LOST | {"on": "2027-01-20"} | more
    shown = finance.post(url(name, about.pk), form)
    assert "654000" in read(shown)
    assert not rows_of(WriteOff.objects)
    answer = finance.post(url(name, about.pk), form | {"confirm": "1"})
    assert answer.status_code == 302, read(answer)
    finance.get(url("late"))  # says that it is done
    (row,) = rows_of(WriteOff.objects)
    return row


@pytest.mark.story(
    "LG-S6.3x",
    door="page",
    fr="Le client est en liquidation : la facture échue est passée en perte après confirmation ; elle "
    "n’est plus due nulle part, et il peut de nouveau commander.",
)
def test_what_is_written_off_is_due_no_more(browse, clock, now, invoice):
    """The client is insolvent: the overdue invoice is written off once what will be booked was shown; it is
    due nowhere any more, and the mistake is undone by its reversal.
    """
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    assert invoice.number in read(finance.get(url("late")))
    row = given_up(finance, "invoice_write_off", invoice)
    assert (row.amount_cents, row.reason) == (294000, "insolvency")
    assert booked(row) == {"receivable": -294000, "bad_debts": 245000, "vat_pending": 49000}
    for page in ("late", "todo"):
        assert invoice.number not in read(finance.get(url(page)))
    page = read(finance.get(url("invoice", invoice.pk)))
    assert "passée en perte" in page
    assert "Reste à payer 0,00 €" in page
    told = read(finance.get(url("customer_statement", invoice.customer_id)))
    assert "Solde clôturé" in told
    assert "perte" not in told
    portal = read(visitor(browse, invoice.order.contact).get(url("portal_invoices")))
    assert "clôturée" in portal
    assert "perte" not in portal
    assert invoice.number in read(finance.get(url("invoices") + "?state=written_off"))
    assert finance.post(url("invoice_write_off", invoice.pk), LOST | {"on": "2027-01-20"}).status_code == 422
    with inside_operator():
        lines = JournalLine.objects.filter(role="receivable")
        assert {bool(line.letter) for line in lines} == {True}
        assert not VatMovement.objects.exists()
        assert not list(faults())
        assert Entry.objects.filter(verb="receivable.written_off").exists()
    # the liquidator pays in the end: it was a mistake, taken back by its reversal
    live(clock, date(2027, 2, 1))
    finance = desk(browse, now)
    undo = url("write_off_undo", row.pk)
    assert finance.post(undo, {"reason": "Le mandataire paie"}).status_code == 302
    assert booked(row) == {}
    assert invoice.number in read(finance.get(url("late")))
    money = {"method": "transfer", "amount": "2940", "received_on": "2027-02-01", "credited_on": "2027-02-01"}
    finance.post(url("payment_new"), {"invoice": str(invoice.pk)} | money)
    with inside_operator():
        assert VatMovement.objects.aggregate(cents=Sum("vat_cents"))["cents"] == 49000
        assert {bool(line.letter) for line in lines.all()} == {True}
    call_command("check_books")


@pytest.mark.parametrize(
    ("final", "wanted"),
    [
        ("", {"receivable": -294000, "bad_debts": 294000}),
        ("on", {"receivable": -294000, "bad_debts": 245000, "vat_due": 49000}),
    ],
)
@pytest.mark.story(
    "LG-S6.3x",
    door="page",
    fr="La TVA déjà exigible reste due et entre dans la perte, sauf si la perte est définitive et que le "
    "duplicata a été envoyé.",
)
def test_vat_that_was_due_is_lost_unless_the_loss_is_final(browse, clock, now, monkeypatch, final, wanted):
    """VAT that fell due already stays due and is part of the loss, unless the loss is final and the
    duplicate was sent.
    """
    known = seller_on_debits(True)
    monkeypatch.setattr(gateway, "seller", lambda: known)
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer", quantity=500))
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    row = given_up(finance, "invoice_write_off", invoice, is_final=final)
    assert booked(row) == wanted
    with inside_operator():
        due = VatMovement.objects.aggregate(cents=Sum("vat_cents"))["cents"]
        assert due == (0 if final else 49000)
        assert not list(faults())
    assert finance.post(url("write_off_undo", row.pk), {"reason": "erreur"}).status_code == 302
    with inside_operator():
        assert VatMovement.objects.aggregate(cents=Sum("vat_cents"))["cents"] == 49000
        assert not list(faults())
    finance.post(url("invoice_credit", invoice.pk), {"reason": "x", "whole": "1"})
    call_command("check_books")


def test_a_claim_is_written_off(browse, clock, now, invoice):
    """A claim for late interest is written off: it stands no more among what is late, nor in the day."""
    live(clock, date(2027, 1, 15))
    finance = desk(browse, now)
    finance.post(url("late_draw", invoice.pk), {"on": "2027-01-15"})
    (claim,) = rows_of(InterestClaim.objects)
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    row = given_up(finance, "claim_write_off", claim)
    assert booked(row) == {"receivable": -claim.total_cents, "bad_debts": claim.total_cents}
    for page in ("late", "todo"):
        assert claim.number not in read(finance.get(url(page)))
    page = read(finance.get(url("interest_claim", claim.pk)))
    assert "Reste à payer 0,00 €" in page
    with inside_operator():
        (line,) = JournalLine.objects.filter(role="receivable", entry__source_id=claim.pk)
        assert line.letter
    call_command("check_books")
    assert finance.post(url("write_off_undo", row.pk), {"reason": "erreur"}).status_code == 302
    assert claim.number in read(finance.get(url("late")))
    call_command("check_books")


def test_part_of_the_rest_is_written_off_and_a_credit_note_comes_first(browse, clock, now, invoice):
    """What a credit note takes back was no loss: the write-off stands for the rest only."""
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    row = given_up(finance, "invoice_write_off", invoice, amount="2000")
    assert booked(row) == {"receivable": -200000, "bad_debts": 166667, "vat_pending": 33333}
    live(clock, date(2027, 2, 1))
    finance = desk(browse, now)
    answer = finance.post(url("invoice_credit", invoice.pk), {"reason": "geste", "line_1": "2000"})
    assert answer.status_code == 302
    with inside_operator():
        standing = WriteOff.objects.active().get()
        assert standing.amount_cents == 294000 - 240000
    call_command("check_books")


def test_money_that_came_is_no_loss(browse, clock, now, invoice):
    """Money is recorded after the write-off: it pays the invoice, and the write-off stands for the rest."""
    live(clock, date(2027, 1, 20))
    finance = desk(browse, now)
    given_up(finance, "invoice_write_off", invoice)
    live(clock, date(2027, 1, 25))
    finance = desk(browse, now)
    money = {"method": "transfer", "amount": "1000", "received_on": "2027-01-10", "credited_on": "2027-01-10"}
    assert finance.post(url("payment_new"), {"invoice": str(invoice.pk)} | money).status_code == 302
    with inside_operator():
        assert WriteOff.objects.active().get().amount_cents == 194000
    page = read(finance.get(url("invoice", invoice.pk)))
    assert "Reste à payer 0,00 €" in page
    call_command("check_books")
