"""Things that go elsewhere than to the client: taxed there, written on every paper, shipped there."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalogue.actions.price_lines import LineDraft, price_lines
from billing.catalogue.models.lines import LineKind
from billing.catalogue.policy.discount import Discount
from billing.fulfilment.queries.deliveries import address_of
from billing.invoicing.actions.render_documents import invoice_xml
from billing.models import Delivery, QuoteVersion
from billing.money.policy.address import Address
from billing.quotes.actions.write_quote import write_quote
from demo.factories.billing import ContactFactory, CustomerFactory, draft_for, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.catalogue.test_shop import thing
from tests.billing.support import clerk, rows_of, url

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
GUADELOUPE = Address("École des Alizés", "3 rue des Flamboyants", "97110", "Pointe-à-Pitre", "FR")


@pytest.mark.usefixtures("as_operator")
def test_order_invoice_and_parcel_follow_the_address_of_the_quote(now):
    lines = [LineDraft(thing().pk, "Carte des sons", 2, 1500)]
    order = order_signed(now=now, lines=lines, sites=[], method="transfer", delivery=GUADELOUPE)
    invoice = invoice_of(order)
    assert [row["rate"] for row in invoice.vat_rows] == ["8.50"]
    assert order.delivery_address == GUADELOUPE
    xml = invoice_xml(invoice).decode()
    assert "<ram:Name>École des Alizés</ram:Name>" in xml
    assert "<ram:PostcodeCode>97110</ram:PostcodeCode>" in xml
    assert address_of(Delivery(order=order)) == [
        "École des Alizés",
        "3 rue des Flamboyants",
        "97110 Pointe-à-Pitre",
    ]


@pytest.mark.usefixtures("as_operator")
def test_a_parcel_abroad_names_its_country(now):
    geneva = Address("", "5 rue du Lac", "1201", "Genève", "CH")
    lines = [LineDraft(thing().pk, "Carte des sons", 2, 1500)]
    order = order_signed(now=now, lines=lines, sites=[], method="transfer", delivery=geneva)
    assert address_of(Delivery(order=order)) == [order.customer.name, "5 rue du Lac", "1201 Genève", "Suisse"]


@pytest.mark.usefixtures("as_operator")
def test_delivery_is_taxed_as_the_goods_and_the_rest_as_the_client(now):
    contact = ContactFactory()
    school = draft_for(contact).lines[0]
    lines = price_lines(
        customer=contact.customer,
        lines=[school, LineDraft(thing().pk, "Carte", 1, 1500)],
        discount=Discount(),
        shipping_cents=990,
        method="cheque",
        language="fr",
        today=TODAY,
        delivery=GUADELOUPE,
    )
    rates = {line.kind: line.vat_rate for line in lines if line.kind != LineKind.PRODUCT}
    assert rates == {LineKind.SHIPPING: Decimal("8.50"), LineKind.CHEQUE_FEE: Decimal("20.00")}


def desk(browse, now):
    with inside_operator():
        contact = ContactFactory(customer=CustomerFactory())
        product = thing()
    fields = {
        "contact": str(contact.pk),
        "method": "transfer",
        "valid_until": "2026-12-16",
        "payment_days": "30",
        "term_months": "12",
        "language": "fr",
        "act": "save",
        "sites-TOTAL_FORMS": "1",
        "sites-INITIAL_FORMS": "0",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product": str(product.pk),
        "lines-0-quantity": "2",
        "lines-0-unit_net": "15,00",
        "delivery_name": "École des Alizés",
        "delivery_street": "3 rue des Flamboyants",
        "delivery_postcode": "97110",
        "delivery_city": "Pointe-à-Pitre",
        "delivery_country": "FR",
    }
    return clerk(browse, now), url("quote_new") + f"?customer={contact.customer_id}", fields


def test_the_desk_counts_with_the_address_keeps_it_and_shows_it_again(browse, now):
    client, page, fields = desk(browse, now)
    assert "8,5" in client.post(page, fields | {"act": "count"}).content.decode()
    assert client.post(page, fields).status_code == 302
    version = rows_of(QuoteVersion.objects)[0]
    assert version.buyer["delivery"] == GUADELOUPE.kept()
    assert version.vat_cents == 255
    again = client.get(url("quote_edit", version.pk)).content.decode()
    for part in ("École des Alizés", "3 rue des Flamboyants", "97110", "Pointe-à-Pitre"):
        assert part in again


@pytest.mark.parametrize(
    "left_out", ["delivery_street", "delivery_postcode", "delivery_city", "delivery_country"]
)
def test_half_an_address_is_asked_to_be_completed(browse, now, left_out):
    client, page, fields = desk(browse, now)
    answer = client.post(page, fields | {left_out: ""})
    assert answer.status_code == 422
    assert "Complétez l’adresse de livraison" in answer.content.decode()
    assert not rows_of(QuoteVersion.objects)


def test_the_desk_reads_an_address_that_an_earlier_version_kept_in_lines(browse, now):
    with inside_operator():
        version = write_quote(draft=draft_for(ContactFactory()), by=None, now=now, today=TODAY)
        version.buyer["delivery"] = "École des Saules\n17 rue des Saules\n44100 Nantes"
        version.save()
    shown = clerk(browse, now).get(url("quote_edit", version.pk)).content.decode()
    for name, value in (("name", "École des Saules"), ("street", "17 rue des Saules"), ("postcode", "44100")):
        assert f'name="delivery_{name}" value="{value}"' in shown
