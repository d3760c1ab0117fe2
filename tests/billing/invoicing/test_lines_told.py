"""Each line says the school and the period it pays for; a mention stands only where it applies."""

from datetime import date, datetime, timedelta

import pytest

from billing.catalogue.actions.price_lines import LineDraft
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.gateways.einvoice.rules import findings
from billing.models import Invoice, Order, Subscription
from billing.quotes.actions.write_quote import SiteDraft
from billing.subscriptions.policy.periods import ServicePeriod, service_period
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, order_signed
from demo.world import live_until
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, bought, fill_shelves
from tests.billing.invoicing.test_credit_order import pdf_text
from tests.billing.returns.test_withdrawal import subscribed, thing

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)
TERM = ServicePeriod(date(2026, 9, 1), date(2027, 9, 1))


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({}, None),  # it runs from the day access opens, whenever that is
        ({"opens_on": DAY}, ServicePeriod(DAY, date(2027, 11, 16))),
        ({"own": TERM, "running": TERM}, TERM),
        ({"running": TERM, "is_added": True}, ServicePeriod(DAY, TERM.ends_on)),
        ({"running": TERM}, ServicePeriod(date(2027, 9, 1), date(2028, 9, 1))),
        ({"running": ServicePeriod(date(2025, 11, 1), date(2026, 11, 1)), "is_added": True}, None),
    ],
)
def test_which_period_a_line_pays_for(known, wanted):
    assert service_period(ordered_on=DAY, term_months=12, **known) == wanted


@pytest.mark.paper
def test_a_commune_reads_which_school_each_line_is_for(now):
    with inside_operator():
        product = catalogue().prices.get(product__key="preau-ecole").product
        rows = [LineDraft(product.pk, "", quantity, 490, site=site) for quantity, site in ((120, 0), (80, 1))]
        commune = CustomerFactory(customer_type="public_body", siret="21359990500014")
        order = order_signed(
            ContactFactory(customer=commune),
            now=now,
            lines=[*rows, LineDraft(product.pk, "Complément", 5, 490, site=1)],
            sites=[SiteDraft("École du Bac", "bac"), SiteDraft("École du Pré", "pre")],
        )
        invoice = invoice_of(order)
        assert {line.site for line in invoice.lines.filter(kind="product")} == {
            "École du Bac",
            "École du Pré",
        }
        for xml in (invoice_xml(invoice), invoice_ubl(invoice)):
            assert findings(xml) == []
            assert "École du Bac" in xml.decode()
        words = pdf_text(invoice_pdf(invoice))
        assert "École du Bac" in words
        assert "Sous-total École du Pré" in words


@pytest.mark.paper
def test_a_renewal_says_its_period(now):
    with inside_operator():
        order = subscribed(now, term_months=1)
        live_until(datetime(2026, 12, 16, 12, tzinfo=now.tzinfo))
        term = Subscription.objects.get(order=order).term
        assert term.order != order
        (line,) = invoice_of(term.order).lines.filter(kind="product")
        assert (line.starts_on, line.ends_on) == (term.starts_on, term.ends_on)
        invoice = invoice_of(term.order)
        for xml in (invoice_xml(invoice), invoice_ubl(invoice)):
            assert findings(xml) == []
        assert f"{term.starts_on:%Y%m%d}" in invoice_xml(invoice).decode()
        assert b"BillingSpecifiedPeriod" in invoice_xml(invoice)
        assert "16 décembre 2026" in pdf_text(invoice_pdf(invoice))


def test_the_option_for_debits_is_told_for_services_only(now):
    with inside_operator():
        rows = [LineDraft(thing("carte").pk, "Carte", 2, 1500)]
        details = {"now": now, "method": "transfer", "sites": [], "shipping_cents": 590}
        goods = invoice_of(order_signed(lines=rows, **details))
        assert "vat_on_debits" not in {each["key"] for each in goods.mentions}
        assert b"<ram:DueDateTypeCode>29<" in invoice_xml(goods)
        services = invoice_of(order_signed(now=now, method="transfer"))
        assert "vat_on_debits" in {each["key"] for each in services.mentions}
        assert b"<ram:DueDateTypeCode>5<" in invoice_xml(services)


def test_a_cheque_by_post_has_its_business_days(browse):
    products = fill_shelves()
    bought(browse(None), products["cabinet"], PRACTICE, 3, method="cheque")
    with inside_operator():
        placed = Order.objects.get()
        invoice = Invoice.objects.get(order=placed)
        assert invoice.due_on == placed.cancellable_on - timedelta(days=1) == date(2026, 11, 25)
