"""After somebody paid by card and by debit: no card or bank number in the database, the logs or the pages."""

import logging
import re

import pytest
from django.db import connection
from django.test import Client

from billing.models import Payment
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.online import BAD_CARD, GOOD_CARD, GOOD_IBAN, address_of, look, provider_at
from tests.billing.support import buyer, clerk, rows_of, url

pytestmark = pytest.mark.django_db
TYPED = (GOOD_CARD, BAD_CARD, GOOD_IBAN)


def found_in(text):
    """Return which of the numbers that were typed stand in a text, with or without spaces, or their last
    digits.
    """
    plain = re.sub(r"[\s\-.\u00a0\u202f]", "", text)
    whole = [number for number in TYPED if number.replace(" ", "") in plain]
    return whole + re.findall(r"last4\W+\w+", text)


def dump():
    """Return every row of every table of the shared schema, as text."""
    with inside_operator(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind = 'r' AND nspname = 'public' AND has_table_privilege(pg_class.oid, 'SELECT') "
            "ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM public."{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    assert "billing_payment" in tables
    return "\n".join(rows)


@pytest.fixture
def paid(browse, now, settings, caplog):
    """Somebody was refused once, then paid one invoice by card and another by debit."""
    caplog.set_level(logging.DEBUG)
    with inside_operator():
        contact = ContactFactory()
        invoices = [invoice_of(order_signed(contact, now=now, method="card")) for _ in range(2)]
        assert contact.customer_id
    visitor = buyer(browse, contact)
    door = Client(HTTP_HOST="localhost")
    with provider_at(settings) as provider:
        address = address_of(visitor.post(url("portal_pay", invoices[0].pk)))
        provider.card(address, BAD_CARD)
        provider.card(address)
        provider.debit(address_of(visitor.post(url("portal_pay", invoices[1].pk))))
        said = "".join(str(event) for event in provider.events)
        provider.hand_over(door)
        look(now)
        yield visitor, invoices, said


def test_nothing_of_it_is_stored_logged_or_shown(paid, browse, now, caplog):
    visitor, invoices, said = paid
    assert "last4" in said  # the provider's messages do speak of it: what we keep of them does not
    payments = rows_of(Payment.objects)
    assert {payment.method for payment in payments} == {"card", "debit"}
    assert found_in(dump()) == []
    assert found_in(caplog.text) == []
    desk = clerk(browse, now)
    pages = [desk.get(url(name)) for name in ("payments", "invoices", "todo", "bank", "cheque_deposits")]
    pages += [desk.get(url("payment", payment.pk)) for payment in payments]
    pages += [
        desk.get(url("payments") + "?format=csv"),
        desk.get(url("customer_statement", invoices[0].customer_id)),
    ]
    for invoice in invoices:
        pages += [desk.get(url("invoice", invoice.pk)), visitor.get(url("portal_invoice", invoice.pk))]
    pages += [visitor.get(url("portal")), visitor.get(url("portal_statement"))]
    for page in pages:
        assert page.status_code == 200
        assert found_in(page.content.decode()) == []


def test_the_scan_sees_what_it_looks_for():
    assert found_in(f"x {GOOD_CARD} y") == [GOOD_CARD]
    assert found_in("4242424242424242") == [GOOD_CARD]
    assert found_in('"last4": "4242"')
    assert found_in("FR1420041010050500013M02606") == [GOOD_IBAN]
