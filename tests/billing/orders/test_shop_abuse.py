"""What a visitor may type in the shop to do harm, and what comes of it."""

import pytest

from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.policy.einvoice import writable
from billing.orders.queries.addresses import free_address
from demo.factories.billing import invoice_of
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, bought, fill_shelves, only_order, put
from tests.billing.support import url

pytestmark = pytest.mark.django_db
PASTED = "Ren\x0b\x08nes"


def test_a_pasted_control_character_is_refused_where_it_is_typed(browse):
    client = browse(None)
    put(client, fill_shelves()["cabinet"], 1, client=PRACTICE["customer_type"])
    for field in ("first_name", "city", "organisation", "school"):
        refused = client.post(url("shop_details"), PRACTICE | {field: PASTED})
        assert refused.status_code == 422, field
        assert "4 (U+000B)" in refused.content.decode(), field


def test_one_that_was_kept_before_never_stops_an_invoice(browse):
    """Paid online, the invoice is issued when the money is there: it must not fail then."""
    bought(browse(None), fill_shelves()["cabinet"], PRACTICE, 1, method="transfer")
    with inside_operator():
        invoice = invoice_of(only_order())
        invoice.buyer |= {"name": PASTED, "city": PASTED}
        assert invoice_pdf(invoice).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["Élan & fils\n2 rue", "\U0001f332 Forêt"])
def test_what_xml_holds_stays(text):
    assert writable(text) == text


def test_no_order_is_promised_the_address_where_families_live():
    with inside_operator():
        assert free_address("Familles") == "familles-2"
