"""Pages say what is so of what they show, once, and nothing of what isn't."""

import re
from datetime import date

import pytest

from agenda.models import OutboxMessage
from audit.models import Entry
from billing.models import QuoteVersion, RenewalNotice
from billing.money.policy.days import paris_day
from billing.money.policy.money import parse_amount
from billing.quotes.actions.send_quote import send_quote
from billing.quotes.actions.write_quote import write_quote
from billing.quotes.queries.documents import quote_document
from contracts.templatetags.ui import money_text
from demo.factories.billing import ContactFactory, draft_for, invoice_of, order_signed
from isolation.context import inside_operator
from tenants.models import Customer
from tests.billing.subscriptions.test_subscription_life import opened
from tests.billing.support import buyer, clerk, rows_of, url
from tests.clauses.stage import desk, live, plain

pytestmark = pytest.mark.django_db


def test_claims_stand_among_the_invoices_of_the_client(browse, now):
    with inside_operator():
        contact = ContactFactory()
    client = buyer(browse, contact)
    for name in ("portal_claims", "portal_invoices"):
        page = client.get(url(name)).content.decode()
        here = re.findall(r'<a[^>]*aria-current="page"[^>]*>.*?</a>', page, re.DOTALL)
        assert {plain(each).strip() for each in here} == {"Factures"}, name


def test_deposits_are_named_only_where_the_invoice_deducts_some(browse, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer"))
    page = plain(clerk(browse, now).get(url("invoice_credit", invoice.pk)).content.decode())
    assert "acompte" not in page


def test_an_invoice_falls_overdue_once_in_its_history(browse, clock, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer"))
    live(clock, date(2026, 12, 20))
    money = {"method": "transfer", "amount": "10", "received_on": "2026-12-20", "credited_on": "2026-12-20"}
    assert desk(browse, now).post(url("payment_new"), {"invoice": str(invoice.pk)} | money).status_code == 302
    live(clock, date(2026, 12, 23))
    assert len(rows_of(Entry.objects.filter(verb="invoice.overdue", subject_id=invoice.pk))) == 1


def test_a_draft_tells_its_buyer_of_today_and_what_was_sent_stays(now):
    with inside_operator():
        contact = ContactFactory()
        told = {"by": None, "now": now, "today": paris_day(now)}
        version = write_quote(draft=draft_for(contact, valid_until=date(2026, 12, 16)), **told)

        def named(name):
            contact.customer.name = name
            contact.customer.save()
            return quote_document(QuoteVersion.objects.get(pk=version.pk))["buyer"]["name"]

        assert named("École du Moulin") == "École du Moulin"
        send_quote(version_id=version.pk, **told)
        assert named("École de la Gare") == "École du Moulin"


def test_an_amount_below_zero_has_a_minus_sign_and_is_read_with_it():
    assert money_text(-1200, "EUR").startswith("\N{MINUS SIGN}")
    assert parse_amount("\N{MINUS SIGN}12,00") == -1200


def test_a_consumer_reads_what_was_announced_with_its_vat(browse, now):
    key = "renewal-notice:told"
    sent = {"send_at": now, "due_at": now, "sent_at": now, "state": "sent", "created_at": now}
    with inside_operator():
        subscription = opened(now)
        Customer.objects.filter(pk=subscription.customer_id).update(customer_type="consumer")
        OutboxMessage.objects.create(key=key, template="billing/renewal_notice", **sent)
        RenewalNotice.objects.create(
            subscription=subscription,
            renews_on=date(2027, 11, 16),
            unit_net_cents=500,
            quantity=1,
            sent_on=date(2027, 10, 1),
            message_key=key,
            created_at=now,
        )
        contact = subscription.contact
    page = plain(buyer(browse, contact).get(url("portal_subscription", subscription.pk)).content.decode())
    told = page.split("Ce que nous avons annoncé")[1]
    assert plain("6,00\u00a0€ TTC") in told
    assert plain("5,00\u00a0€") not in told
