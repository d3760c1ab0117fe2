"""The same way to pay against a real test account: STRIPE_API_KEY=sk_test_… pytest -m live (needs a network)."""

import os
import time

import pytest
from django.test import Client

from billing.gateways.stripe_checkout import standing_of
from billing.models import Order
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.online import address_of, look, only_checkout, post
from tests.billing.support import buyer, rows_of, url

pytestmark = [pytest.mark.live, pytest.mark.django_db]
SECRET = "whsec_live_test"


@pytest.fixture
def account(settings, clock):
    """A real test account; the real time, as the provider checks it."""
    settings.STRIPE_API_KEY, settings.STRIPE_BASE = os.environ["STRIPE_API_KEY"], ""
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    assert settings.STRIPE_API_KEY.startswith("sk_test_"), "a test account only"


def fill_in(address, number):
    """Pay on the provider's own page with a real browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.fill("#cardNumber", number)
        page.fill("#cardExpiry", "12 / 34")
        page.fill("#cardCvc", "123")
        page.fill("#billingName", "Solène Marchetti")
        page.click("button[type=submit]")
        time.sleep(12)
        browser.close()


@pytest.mark.parametrize(("number", "state"), [("4242424242424242", "paid"), ("4000000000000002", "open")])
def test_a_card_on_the_real_page(account, browse, now, number, state):
    with inside_operator():
        order = order_signed(ContactFactory(), now=now, method="card")
        contact, invoice = order.contact, invoice_of(order)
        assert contact.customer_id
    visitor = buyer(browse, contact)
    fill_in(address_of(visitor.post(url("portal_pay", invoice.pk))), number)
    checkout = only_checkout()
    standing = standing_of(session_id=checkout.session_id, intent_id=None)
    assert standing.state == state
    event = {"id": f"evt_{checkout.pk.hex}", "object": "event", "type": "checkout.session.completed",
             "data": {"object": {"id": checkout.session_id, "object": "checkout.session"}}}  # fmt: skip
    assert post(Client(HTTP_HOST="localhost"), event, secret=SECRET) == 200
    look(now)
    assert rows_of(Order.objects.filter(pk=order.pk))[0].state == ("open" if state == "paid" else "waiting")
