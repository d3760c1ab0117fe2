"""What a visitor may type in the shop to do harm, and what comes of it."""

import pytest

from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.policy.einvoice import writable
from billing.orders.queries.addresses import free_address
from demo.factories.billing import invoice_of
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, bought, fill_shelves, only_order

pytestmark = pytest.mark.django_db
PASTED = "Ren\x0b\x08nes"


def test_a_pasted_control_character_never_stops_an_invoice(browse):
    """Paid online, the invoice is issued when the money is there: it must not fail then."""
    typed = PRACTICE | dict.fromkeys(("first_name", "city", "organisation", "school"), PASTED)
    bought(browse(None), fill_shelves()["cabinet"], typed, 1, method="transfer")
    with inside_operator():
        assert invoice_pdf(invoice_of(only_order())).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["Élan & fils\n2 rue", "\U0001f332 Forêt"])
def test_what_xml_holds_stays(text):
    assert writable(text) == text


def test_no_order_is_promised_the_address_where_families_live():
    with inside_operator():
        assert free_address("Familles") == "familles-2"
