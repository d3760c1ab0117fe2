"""The same way to pay against a real test account.

STRIPE_API_KEY=sk_test_… pytest -m live (needs a network).
"""

import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from billing.models import MethodSetup, Order, SavedMethod
from billing.money.policy.days import paris_day
from billing.orders.actions.start_order_checkout import start_order_checkout
from billing.payments.actions.revoke_method import detach_method, revoke_method
from billing.payments.gateways.stripe_checkout import fetch_provider_payment
from billing.payments.gateways.stripe_saved import detach
from billing.workflows.actions.activate_trial import activate_trial
from billing.workflows.actions.charge_saved_method import charge_saved_method
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.online import address_of, look, only_checkout, order_placed, post
from tests.billing.support import buyer, rows_of, url

pytestmark = [pytest.mark.live, pytest.mark.django_db]
SECRET = "whsec_live_test"


@pytest.fixture
def account(settings, clock):
    """A real test account; the real time, as the provider checks it."""
    settings.STRIPE_API_KEY = os.environ["STRIPE_API_KEY"]
    settings.STRIPE_BASE = ""
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


def say(kind, session_id):
    """Hand over the message the provider would send about a page."""
    event = {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "type": kind,
        "data": {"object": {"id": session_id, "object": "checkout.session"}},
    }
    assert post(Client(HTTP_HOST="localhost"), event, secret=SECRET) == 200


@pytest.mark.parametrize(
    ("number", "outcome"), [("4242424242424242", "paid"), ("4000000000000341", "refused")]
)
def test_a_card_is_saved_on_the_real_page_then_charged_and_forgotten(account, now, number, outcome):
    with inside_operator():
        order = order_placed(now=now, trial_days=30)
        address = start_order_checkout(order_id=order.pk, contact=order.contact, now=now)
    fill_in(address, number)
    (setup,) = rows_of(MethodSetup.objects)
    say("checkout.session.completed", setup.session_id)
    look(now)
    (method,) = rows_of(SavedMethod.objects)
    assert (method.kind, rows_of(Order.objects.filter(pk=order.pk))[0].state) == ("card", "open")
    with inside_operator():
        ends_on = paris_day(now) + timedelta(days=30)
        assert activate_trial(order_id=order.pk, now=now, today=ends_on) == "activated"
        charged = charge_saved_method(invoice_id=order.invoices.get().pk, now=now, today=ends_on)
        assert charged == outcome
        revoke_method(method_id=method.pk, by=None, now=now)
        assert detach_method(method_id=method.pk, now=now).detached_at is not None
    detach(method.provider_method_id)  # forgotten already, it stays so


def test_an_order_is_paid_on_the_real_page_before_its_invoice(account, now):
    with inside_operator():
        order = order_placed(now=now)
        address = start_order_checkout(order_id=order.pk, contact=order.contact, now=now)
    fill_in(address, "4242424242424242")
    say("checkout.session.completed", only_checkout().session_id)
    look(now)
    assert rows_of(Order.objects.filter(pk=order.pk))[0].state == "open"


@pytest.mark.parametrize(("number", "state"), [("4242424242424242", "paid"), ("4000000000000002", "open")])
def test_a_card_on_the_real_page(account, browse, now, number, state):
    with inside_operator():
        order = order_signed(ContactFactory(), now=now, method="card")
        contact = order.contact
        invoice = invoice_of(order)
        assert contact.customer_id
    visitor = buyer(browse, contact)
    fill_in(address_of(visitor.post(url("portal_pay", invoice.pk))), number)
    checkout = only_checkout()
    standing = fetch_provider_payment(session_id=checkout.session_id, intent_id=None)
    assert standing.state == state
    say("checkout.session.completed", checkout.session_id)
    look(now)
    assert rows_of(Order.objects.filter(pk=order.pk))[0].state == ("open" if state == "paid" else "waiting")
