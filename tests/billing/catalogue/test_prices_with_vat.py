"""A consumer's price is set, shown and charged with its VAT: what is shown times the quantity."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from billing.catalogue.actions.price_lines import LineDraft
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.gateways.einvoice.rules import findings
from billing.models import Invoice, Order, Price, PriceList
from billing.money.policy.days import paris_day
from billing.money.policy.vat import net_of_line, totals
from billing.orders.actions.issue_invoice import issue_final
from billing.quotes.actions.draw_quote import quote_pdf
from demo.factories.billing import catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.carts import FAMILY, PRACTICE, bought, fill_shelves, put
from tests.billing.returns.test_withdrawal import family, thing
from tests.billing.support import buyer, clerk, url
from tests.rules.test_documents import RATES

pytestmark = pytest.mark.django_db


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def pdf_text(content):
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(-50_000, 50_000), RATES), max_size=6))
def test_what_is_charged_is_the_price_times_the_quantity(lines):
    found = totals(
        (net_of_line(count, 0, gross, rate), rate, "S", "", count * gross) for count, gross, rate in lines
    )
    assert found.gross_cents == sum(count * gross for count, gross, _rate in lines)
    for part in found.subtotals:
        exact = part.net_cents * part.rate_pct / 100
        assert abs(part.vat_cents - exact) <= len(lines)  # far within what EN 16931 tolerates


@pytest.fixture
def shelves():
    """Cards at 9.99 with VAT, a price no whole cent without VAT comes to."""
    products = fill_shelves()
    with inside_operator():
        Price.objects.filter(product__key="cartes").update(gross_cents=999, net_cents=833)
    return products


@pytest.mark.paper
def test_nine_ninety_nine_is_shown_and_charged(browse, shelves, now):
    visitor = browse(None)
    put(visitor, shelves["cartes"], 3, client="consumer")
    assert "9,99" in visitor.get(url("shop_cart")).text
    answer = bought(visitor, shelves["affiche"], FAMILY, method="transfer")
    assert answer.status_code == 302
    with inside_operator():
        placed = Order.objects.select_related("contact__customer").get()
        invoice = Invoice.objects.get(order=placed)
        cartes = placed.lines.get(product__key="cartes")
        assert (cartes.unit_gross_cents, cartes.gross_cents) == (999, 2997)
        assert invoice.gross_cents == sum(line.gross_cents for line in placed.lines.all())
        for xml in (invoice_xml(invoice), invoice_ubl(invoice)):
            assert findings(xml) == []
        words = pdf_text(invoice_pdf(invoice))
    for part in ("9,99", "29,97", "TTC"):
        assert part in words
    assert "Prix unitaire HT" not in words
    page = plain(buyer(browse, placed.contact).get(url("portal_invoice", invoice.pk)).text)
    assert "29,97" in page
    assert "Prix unitaire HT" not in page
    with inside_operator():
        note = credit_invoice(corrects=invoice, reason="Annulée", by=None, now=now, today=paris_day(now))
        assert note.gross_cents == invoice.gross_cents


def test_a_professional_pays_the_price_without_vat(browse, shelves):
    visitor = browse(None)
    put(visitor, shelves["cartes"], 3, client="professional")
    answer = bought(visitor, shelves["affiche"], PRACTICE, method="transfer")
    assert answer.status_code == 302
    with inside_operator():
        line = Order.objects.get().lines.get(product__key="cartes")
        assert (line.unit_net_cents, line.unit_gross_cents, line.net_cents) == (833, None, 2499)


def test_a_familys_quote_speaks_with_vat(browse, now):
    with inside_operator():
        catalogue()
        rows = [LineDraft(thing("carte").pk, "Carte", 7, 333)]
        order = order_signed(family(), now=now, method="transfer", lines=rows, sites=[], shipping_cents=590)
        assert order.gross_cents == 7 * 400 + 708
        assert "Prix unitaire HT" not in pdf_text(quote_pdf(order.version))
        contact = order.contact
        assert invoice_of(order).gross_cents == order.gross_cents
    page = buyer(browse, contact).get(url("portal_quote", order.version_id)).text
    assert "Prix unitaire HT" not in page
    assert "4,00" in page


def test_a_familys_down_payment_and_its_credit_speak_with_vat(now):
    with inside_operator():
        catalogue()
        rows = [LineDraft(thing("carte").pk, "Carte", 3, 1332)]
        order = order_signed(family(), now=now, method="transfer", lines=rows, sites=[], down_payment_pct=30)
        assert order.gross_cents == 3 * 1598
        told = {"by": None, "now": now, "today": paris_day(now)}
        deposit = Invoice.objects.get(order=order)
        final = issue_final(order_id=order.pk, **told)
        assert deposit.gross_cents + final.gross_cents == order.gross_cents
        note = credit_invoice(corrects=deposit, reason="Annulé", **told)
        for document in (deposit, final, note):
            assert findings(invoice_xml(document)) == []
            assert "Prix unitaire HT" not in pdf_text(invoice_pdf(document))


def test_the_desk_sets_a_price_with_vat_alone(browse, shelves, now):
    page = clerk(browse, now)
    with inside_operator():
        held = PriceList.objects.create(name="2027", currency="EUR", starts_on=date(2027, 1, 1))
    rows = {"prices-TOTAL_FORMS": "1", "prices-INITIAL_FORMS": "0", "act": "save", "delivery": "5,90"}
    line = {"product": str(shelves["cartes"].pk), "gross": "9,99", "tax_key": "standard"}
    page.post(url("price_list", held.pk), rows | {f"prices-0-{name}": value for name, value in line.items()})
    with inside_operator():
        price = Price.objects.get(price_list=held)
        assert (price.net_cents, price.gross_cents) == (832, 999)
