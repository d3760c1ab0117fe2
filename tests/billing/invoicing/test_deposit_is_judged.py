"""What a quote is judged by before it is sent: the deposit that is issued first, not only the whole."""

from datetime import date

import pytest

from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Order, QuoteVersion
from billing.quotes.actions.write_quote import write_quote
from demo.factories.billing import ContactFactory, CustomerFactory, draft_for
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import thing
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, read, sign, visitor

pytestmark = pytest.mark.django_db


def quote_of(now, *, pct):
    """Return the draft of goods for a Belgian business."""
    with inside_operator():
        buyer = CustomerFactory(
            country="BE", siren="", siret="", vat_number="BE0403019261", postcode="1000", city="Bruxelles"
        )
        wanted = draft_for(
            ContactFactory(customer=buyer),
            method="transfer",
            valid_until=date(2026, 12, 16),
            down_payment_pct=pct,
            lines=[LineDraft(thing("carte").pk, "carte", 3, 14_900)],
            sites=[],
        )
        made = write_quote(draft=wanted, by=None, now=now, today=date(2026, 11, 16))
        return QuoteVersion.objects.select_related("quote__contact__customer").get(pk=made.pk)


def test_a_deposit_no_invoice_can_ask_is_refused_at_the_desk(browse, now):
    version = quote_of(now, pct=30)
    finance = desk(browse, now)
    assert finance.post(url("quote_send", version.pk)).status_code == 302
    words = read(finance.get(url("quote", version.pk)))
    assert "État membre" in words
    assert "BR-IC-11" not in words
    with inside_operator():
        assert QuoteVersion.objects.get(pk=version.pk).state == "draft"


def test_without_a_deposit_it_is_sent_and_signed(browse, now):
    version = quote_of(now, pct=0)
    assert desk(browse, now).post(url("quote_send", version.pk)).status_code == 302
    sign(visitor(browse, version.quote.contact), version)
    assert len(rows_of(Order.objects)) == 1
