"""A credit note reaches the client: the mail brings it, and says what it leaves."""

from datetime import date

import pytest

from billing.models import Invoice
from demo.factories.billing import ContactFactory, order_signed
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, mails, plain, subscribed

pytestmark = pytest.mark.django_db


def credited(browse, now, invoice, **lines):
    """Credit lines of an invoice at the console, or all of it."""
    form = {"reason": "Erreur de quantité", "since": "start", **(lines or {"whole": "1"})}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), form).status_code == 302
    (note,) = rows_of(Invoice.objects.filter(corrects=invoice))
    return note


def test_of_an_unpaid_invoice_it_says_what_is_left_and_by_when(browse, clock, now):
    with inside_operator():
        order = order_signed(now=now, method="transfer")
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    note = credited(browse, now, invoice, line_1="100,00")
    live(clock, date(2026, 11, 16))
    (mail,) = mails(note.number)
    assert [name for name, *_rest in mail.attachments] == [f"{note.number}.pdf"]
    assert mail.to == [order.contact.email]
    for words in (plain(mail.body), plain(mail.alternatives[0][0])):
        assert f"retire 120,00 € de la facture {invoice.number}" in words
        assert "Erreur de quantité" in words
        assert "Reste à payer de cette facture : 1 161,84 €, à régler au plus tard le 16 déc" in words
        assert "rendue" not in words


def test_of_a_paid_invoice_it_says_what_is_given_back(browse, clock, now):
    subscribed(now)
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    note = credited(browse, now, invoice)
    live(clock, date(2026, 11, 16))
    (mail,) = mails(note.number)
    assert "Vous en aviez payé 1 281,84 € : cette somme vous est rendue" in plain(mail.body)
    assert "Il ne reste rien à payer" in plain(mail.body)


def test_in_english_its_amounts_are_english(browse, clock, now):
    with inside_operator():
        contact = ContactFactory.create(language="en")
        order_signed(contact, now=now, method="transfer")
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    note = credited(browse, now, invoice, line_1="100,00")
    live(clock, date(2026, 11, 16))
    (mail,) = mails(note.number)
    assert "takes €120.00 off the invoice" in plain(mail.body)
    assert "€1,161.84, to be paid by" in plain(mail.body)
