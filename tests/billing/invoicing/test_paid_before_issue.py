"""A document knows that it was paid when it was issued: on paper, as an electronic invoice, on pages."""

from datetime import date, timedelta

import pytest
from django.test import Client
from lxml import etree

from agenda.loop import tick
from agenda.models import Obligation
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.gateways.einvoice.rules import findings
from billing.invoicing.policy.einvoice import business_process_of
from billing.invoicing.policy.paid import Payment, Prepaid, prepaid
from billing.models import Invoice, Order
from billing.orders.actions.start_order_checkout import start_order_checkout
from isolation.context import inside_operator
from tests.billing.carts import FAMILY, bought, dear, fill_shelves
from tests.billing.invoicing.test_credit_order import pdf_text
from tests.billing.online import look, order_placed, provider_at
from tests.billing.support import buyer, clerk, url

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


def paid_by_card(provider, now):
    """Return the invoice of an order that was paid on the provider's page."""
    with inside_operator():
        placed = order_placed(now=now)
        address = start_order_checkout(order_id=placed.pk, contact=placed.contact, now=now)
    provider.card(address)
    provider.hand_over(Client(HTTP_HOST="localhost"))
    look(now)
    with inside_operator():
        return Invoice.objects.select_related("order__contact").get(order=placed)


def amounts(xml):
    """Return what a document says of money, and its day, by name."""
    wanted = {
        "TotalPrepaidAmount": "paid",
        "PrepaidAmount": "paid",
        "DuePayableAmount": "due",
        "PayableAmount": "due",
    }
    return {
        wanted[name]: each.text
        for each in etree.fromstring(xml).iter()
        if isinstance(each.tag, str) and (name := etree.QName(each).localname) in wanted
    }


def test_never_more_is_prepaid_than_is_asked():
    assert prepaid(gross_cents=100, paid=Payment(DAY, 120)) == Prepaid(100, DAY)
    assert prepaid(gross_cents=100, paid=Payment(DAY, 40)) == Prepaid(40, None)
    assert prepaid(gross_cents=0, paid=Payment(DAY, 40)) == Prepaid()
    assert prepaid(gross_cents=100, paid=None) == Prepaid()


def test_the_process_of_what_is_paid_already():
    assert business_process_of(["services"], is_paid=True) == "S2"
    assert business_process_of(["goods"], is_paid=True) == "B2"
    assert business_process_of(["goods", "services"], is_paid=True) == "M2"
    assert business_process_of(["services"], is_paid=True, after_deposit=True) == "S4"


@pytest.mark.paper
def test_an_order_paid_by_card_says_so_everywhere(provider, now, browse):
    invoice = paid_by_card(provider, now)
    with inside_operator():
        for xml in (invoice_xml(invoice), invoice_ubl(invoice)):
            assert findings(xml) == []
            assert b">S2<" in xml
            asked = f"{invoice.gross_cents / 100:.2f}"
            assert amounts(xml) == {"paid": asked, "due": "0.00"}
        words = pdf_text(invoice_pdf(invoice))
        (line,) = invoice.lines.all()
        assert (line.starts_on, line.ends_on) == (DAY, date(2027, 11, 16))
    assert "Payée le 16 novembre 2026" in words
    for never in ("à payer", "à régler", "échéance le", "Échéance", "devis", "IBAN"):
        assert never not in words, never
    page = buyer(browse, invoice.order.contact).get(url("portal_invoice", invoice.pk)).text
    assert "Payée le" in page
    assert "Payée le" in clerk(browse, now).get(url("invoice", invoice.pk)).text


def test_an_order_of_nothing_waits_for_no_card(provider, browse, now):
    products = fill_shelves()
    dear("famille-mois", 0)
    client = browse(None)
    answer = bought(client, products["famille-mois"], FAMILY, method="card")
    assert "rien à payer" in client.get(answer.url).text
    with inside_operator():
        placed = Order.objects.get()
        assert placed.gross_cents == 0
        assert placed.state == "funded"
        assert not Obligation.objects.waiting().filter(kind="paid-online").exists()
        assert "devis" not in pdf_text(invoice_pdf(Invoice.objects.get(order=placed)))
    tick(now + timedelta(minutes=1))
    with inside_operator():
        assert Order.objects.get().state == "open"
