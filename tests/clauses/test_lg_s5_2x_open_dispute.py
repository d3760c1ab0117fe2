"""LG-S5.2x: no new order from a client with an open payment dispute on an earlier one."""

import pytest

from billing.collections.actions.dispute import DisputeStands, NoDispute, close_dispute, open_dispute
from billing.collections.queries.blocks import DisputeOpen
from billing.models import Order
from billing.money.policy.days import paris_day
from billing.quotes.actions.sign_quote import sign_quote
from demo.factories.billing import ContactFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, read, sign, visitor

CLAUSE = "LG-S5.2x"


@pytest.mark.usefixtures("as_operator")
def test_no_new_order_while_a_payment_is_contested(now):
    contact = ContactFactory()
    invoice = invoice_of(order_signed(contact, now=now))
    version = quote_sent(contact, now=now)
    signing = {
        "version_id": version.id,
        "contact": contact,
        "name": "S",
        "signatory_title": "d",
        "terms_version": version.id,
        "now": now,
        "today": paris_day(now),
    }
    open_dispute(about=invoice, reason="une journée manque", by=None, now=now)
    with pytest.raises(DisputeStands):
        open_dispute(about=invoice, reason="encore", by=None, now=now)
    with pytest.raises(DisputeOpen):
        sign_quote(**signing)
    close_dispute(about=invoice, outcome="réglé", by=None, now=now)
    with pytest.raises(NoDispute):
        close_dispute(about=invoice, outcome="réglé", by=None, now=now)
    assert sign_quote(**signing).state == "waiting"


@pytest.mark.usefixtures("as_operator")
def test_another_clients_dispute_is_none_of_theirs(now):
    open_dispute(about=invoice_of(order_signed(now=now)), reason="x", by=None, now=now)
    assert order_signed(now=now).state == "waiting"


@pytest.mark.story(
    "LG-S5.2x",
    door="page",
    fr="L’école conteste une facture après avoir reçu un nouveau devis : sa signature est refusée, et "
    "passe dès que le litige est clos.",
)
def test_a_dispute_opened_after_the_quote_was_sent_stops_the_signature_until_it_is_closed(browse, now):
    """A school contests an invoice after it was sent a new quote: its signature is refused, and goes through
    once the dispute is closed.
    """
    with inside_operator():
        contact = ContactFactory()
        invoice = invoice_of(order_signed(contact, now=now))
        version = quote_sent(contact, now=now)
    school = visitor(browse, contact)
    finance = desk(browse, now)
    finance.post(url("dispute_open", invoice.pk), {"dispute-reason": "Une journée manque."})
    assert "Un paiement est contesté en ce moment" in read(sign(school, version))
    assert len(rows_of(Order.objects)) == 1
    finance.post(url("dispute_close", invoice.pk), {"dispute-reason": "Une journée est rendue."})
    assert "commande est ferme" in read(sign(school, version))
    assert len(rows_of(Order.objects)) == 2
