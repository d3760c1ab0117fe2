"""What left for a customer is kept as it left: mails but for their key to the portal, and letters."""

import re
from datetime import date
from email import message_from_bytes, policy
from hashlib import sha256

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from agenda.loop import tick
from billing.customers.gateways.portal_link import token_for
from billing.customers.queries.sent import sent_about, sent_to
from billing.models import Invoice, SentDocument
from demo.factories.billing import invoice_of, order_signed
from demo.factories.families import family_contact
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, live, mails, read


@pytest.fixture
def late(now, db):
    with inside_operator():
        return invoice_of(order_signed(now=now, method="transfer"))


def test_a_reminder_is_found_again_word_for_word(browse, clock, now, late):
    live(clock, date(2026, 12, 20))
    left = next(each for each in mail.outbox if late.number in each.body and "impay" in each.body)
    with inside_operator():
        kept = sent_about(late.pk).get(kind="billing/payment_reminder")
    token = re.search(r"/portal/enter/([^/\s]+)/", left.body)[1]
    finance = desk(browse, now)
    assert left.subject in read(finance.get(url("invoice", late.pk)))
    assert left.subject in read(finance.get(url("customer", late.customer_id)))
    shown = read(finance.get(url("sent_document", kept.pk)))
    assert late.order.contact.email in shown
    assert f"{late.number}.pdf" in shown

    file = finance.get(url("sent_document_file", kept.pk))
    assert file.headers["Content-Type"] == "message/rfc822"
    assert sha256(file.content).hexdigest() == kept.sha256
    found = message_from_bytes(file.content, policy=policy.default)
    assert found["To"] == late.order.contact.email
    words = found.get_body(("plain",)).get_content()
    before, after = left.body.split(token)
    assert words.split() == f"{before}…{after}".split()
    assert all(
        token not in part.get_content() for part in found.walk() if part.get_content_maintype() == "text"
    )

    enclosed = finance.get(url("sent_enclosure", kept.pk, 1))
    assert enclosed.content == left.attachments[0][1]
    assert enclosed.headers["Content-Disposition"].startswith("attachment")
    assert finance.get(url("sent_enclosure", kept.pk, 2)).status_code == 404


def test_the_key_to_the_portal_is_no_paper(browse, clock, now, late):
    tick(now)
    with inside_operator():
        contact = late.order.contact
        before = sent_to(contact.customer_id).count()
    browse(None).post(url("portal_sign_in"), {"email": contact.email})
    tick(now)
    assert token_for(contact)[:12] in mail.outbox[-1].body
    with inside_operator():
        assert sent_to(contact.customer_id).count() == before


def test_what_does_not_leave_is_not_kept(clock, now, late, monkeypatch):
    def refuse(*_messages):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    live(clock, date(2026, 12, 20))
    with inside_operator():
        assert not sent_about(late.pk).filter(kind="billing/payment_reminder").exists()


def test_what_was_sent_never_changes(clock, late):
    live(clock, date(2026, 12, 20))
    with inside_operator():
        kept = sent_about(late.pk).first()
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            SentDocument.objects.filter(pk=kept.pk).update(subject="autre")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            kept.delete()


def test_a_formal_notice_stays_the_letter_that_was_posted(browse, clock, now):
    with inside_operator():
        family = family_contact("Roussel", "nadia@roussel.example")
        invoice = invoice_of(order_signed(family, now=now, method="transfer", quantity=500))
    live(clock, date(2026, 12, 20))
    said = {"notice-on": "2026-12-20", "notice-letter": "1A 222 333 4444 5"}
    assert desk(browse, now).post(url("formal_notice_new", invoice.pk), said).status_code == 302
    posted = desk(browse, now).get(url("notice_pdf", invoice.pk)).content
    with inside_operator():
        kept = SentDocument.objects.get(key=Invoice.objects.get(pk=invoice.pk).formal_notices.get().sent_key)
        assert (kept.channel, bytes(kept.content)) == ("letter", posted)
    live(clock, date(2027, 1, 9))
    money = {"method": "transfer", "amount": "1000", "received_on": "2027-01-09", "credited_on": "2027-01-09"}
    desk(browse, now).post(url("payment_new"), {"invoice": str(invoice.pk)} | money)
    assert desk(browse, now).get(url("notice_pdf", invoice.pk)).content == posted
    page = read(desk(browse, now).get(url("invoice", invoice.pk)))
    assert (
        f"Mise en demeure de payer la facture {invoice.number}, lettre recommandée 1A 222 333 4444 5" in page
    )
    assert mails("Mise en demeure") == []


def test_a_formal_notice_of_a_day_on_which_all_was_paid_is_refused(browse, clock, now, late):
    live(clock, date(2026, 12, 20))
    paid = late.gross_cents / 100
    money = {"method": "transfer", "amount": f"{paid:.2f}", "received_on": "2026-12-18"}
    desk(browse, now).post(url("payment_new"), {"invoice": str(late.pk), "credited_on": "2026-12-18"} | money)
    answer = desk(browse, now).post(url("formal_notice_new", late.pk), {"notice-on": "2026-12-20"})
    assert answer.status_code == 422
    with inside_operator():
        assert not SentDocument.objects.filter(channel="letter").exists()
