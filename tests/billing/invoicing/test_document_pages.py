"""Finance's and the buyer's pages about issued documents."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from agenda.loop import tick
from billing.customers.queries.buyer import buyer_of
from billing.invoicing.actions.report_sales import report_sales
from billing.models import Contact, Invoice, ProForma, Transmission
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_down_payment, issue_invoice
from demo.factories.billing import ContactFactory, quote_sent
from demo.samples.invoices import SCHOOL
from demo.samples.orders import customer_named, order_of
from isolation.context import inside_operator
from tests.billing.support import buyer, clerk, url


@pytest.fixture(autouse=True)
def drop(settings, tmp_path):
    settings.EINVOICE_DROP = tmp_path


@pytest.fixture
def desk(browse, now):
    return clerk(browse, now)


@pytest.fixture
def issued(db, now):
    with inside_operator():
        order = order_of(customer_named("school"), *SCHOOL, now=now)
        return issue_invoice(order=order, by=None, now=now, today=paris_day(now))


def test_the_electronic_invoice_is_fetched(desk, issued, browse):
    answer = desk.get(url("invoice_xml", issued.pk))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert issued.number in answer["Content-Disposition"]
    with inside_operator():
        contact = Contact.objects.get(customer_id=issued.customer_id)
    mine = buyer(browse, contact).get(url("portal_invoice_xml", issued.pk))
    assert mine.content == answer.content


def test_part_of_an_invoice_is_credited(desk, issued):
    page = desk.get(url("invoice_credit", issued.pk)).content.decode()
    assert "680,00" in page
    why = {"reason": "Geste commercial"}
    for amounts in ({"line_2": "680,01"} | why, why, {"line_2": "abc"} | why, {"line_2": "80,00"}):
        assert desk.post(url("invoice_credit", issued.pk), amounts).status_code == 422
    answer = desk.post(url("invoice_credit", issued.pk), {"line_2": "80,00"} | why)
    with inside_operator():
        note = Invoice.objects.get(corrects=issued)
        assert (note.net_cents, note.gross_cents) == (8000, 9600)
    assert answer["Location"] == url("invoice", note.pk)
    assert desk.get(answer["Location"]).status_code == 200
    assert desk.post(url("invoice_credit", issued.pk), {"whole": "1"} | why).status_code == 302
    assert "line_" not in desk.get(url("invoice_credit", issued.pk)).content.decode()
    assert desk.get(url("invoice_credit", note.pk)).status_code == 404


def test_what_the_platform_said_is_kept(desk, issued, now):
    tick(now)
    assert "Chorus Pro" in desk.get(url("invoice", issued.pk)).content.decode()
    desk.post(url("send_again", issued.pk))
    desk.post(url("answer_note", issued.pk), {"state": "lost"})
    desk.post(url("answer_note", issued.pk), {"state": "refused"})
    with inside_operator():
        assert Transmission.objects.get(invoice=issued).state == "sent"
    desk.post(url("answer_note", issued.pk), {"state": "refused", "reason": "Service inconnu"})
    page = desk.get(url("invoice", issued.pk)).content.decode()
    assert "Service inconnu" in page
    assert url("send_again", issued.pk) in page
    desk.post(url("answer_note", issued.pk), {"state": "received"})
    desk.post(url("send_again", issued.pk))
    tick(now + timedelta(minutes=1))
    with inside_operator():
        assert Transmission.objects.get(invoice=issued).events.count() == 3


def test_the_final_invoice_follows_the_deposit(desk, db, now):
    with inside_operator():
        order = order_of(customer_named("professional"), *SCHOOL, now=now)
        deposit = issue_down_payment(order=order, pct=40, by=None, now=now, today=paris_day(now))
    assert url("order_final", order.pk) in desk.get(url("order", order.pk)).content.decode()
    assert desk.get(url("invoice", deposit.pk)).status_code == 200
    answer = desk.post(url("order_final", order.pk))
    with inside_operator():
        final = order.invoices.get(is_down_payment=False)
    assert answer["Location"] == url("invoice", final.pk)
    assert url("order_final", order.pk) not in desk.get(url("order", order.pk)).content.decode()
    assert desk.post(url("order_final", order.pk))["Location"] == url("order", order.pk)


def test_a_pro_forma_of_a_quote(desk, db, now):
    with inside_operator():
        version = quote_sent(now=now)
    answer = desk.post(url("pro_forma_issue", version.pk))
    assert answer.content.startswith(b"%PDF")
    with inside_operator():
        made = ProForma.objects.get()
        assert (made.number, made.gross_cents) == ("PF-2026-000001", version.gross_cents)
        assert not Invoice.objects.exists()
    assert desk.get(url("pro_forma_pdf", made.pk)).content.startswith(b"%PDF")


def test_reports_are_listed_and_fetched(desk, db, now):
    assert desk.get(url("reports")).status_code == 200
    with inside_operator():
        made = report_sales(starts_on=paris_day(now), ends_on=paris_day(now) + timedelta(days=1), now=now)
    assert url("report_file", made.pk) in desk.get(url("reports")).content.decode()
    assert desk.get(url("report_file", made.pk)).content.decode().startswith("date;clients;")


def test_what_a_document_says_of_its_buyer_is_what_it_keeps(db, now):
    """A page reads nothing of a buyer that isn’t kept; a public body’s own order number is on it."""
    with inside_operator():
        kept = buyer_of(ContactFactory().customer, purchase_order_reference="BC-2026-77")
    page = render_to_string("billing/parts/parts_buyer.html", {"buyer": kept})
    assert "BC-2026-77" in page
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    read = {word for each in templates for word in re.findall(r"\bbuyer\.(?!html)(\w+)", each.read_text())}
    assert read <= set(kept)
