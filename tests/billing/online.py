"""The payment provider in tests: the stand-in on a loopback port, its messages held back until a test hands
them over.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from agenda.loop import tick
from billing.catalogue.models.lines import totals_of
from billing.models import Checkout, NumberSeries, Order, OrderLine, OrderSite, Product
from billing.money.policy.days import paris_day
from billing.money.policy.numbering import document_number
from demo.factories.billing import ContactFactory, catalogue
from demo.stripe_double.book import Book
from demo.stripe_double.server import Double
from demo.stripe_double.webhooks import signature
from isolation.context import inside_operator
from tests.billing.support import url

KEY = "sk_test_double"
SECRET = "whsec_double"
GOOD_CARD = "4242 4242 4242 4242"
BAD_CARD = "4000 0000 0000 0002"
CONTESTED_CARD = "4000 0000 0000 0259"
GOOD_IBAN = "FR14 2004 1010 0505 0001 3M02 606"
BAD_IBAN = "FR84 2004 1010 0505 0001 3M02 607"


class Provider:
    """The stand-in, what it has to say, and somebody who pays on its page."""

    def __init__(self, double, events):
        self.double = double
        self.book = double.book
        self.events = events

    def pay(self, address, **fields):
        """Fill in the provider's page; return its status and where it leads, or what it says."""
        data = urllib.parse.urlencode(fields).encode()
        opener = urllib.request.build_opener(_StayHere)
        try:
            with opener.open(urllib.request.Request(address, data=data), timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location") or answer.read().decode()

    def card(self, address, number=GOOD_CARD):
        """Pay by card."""
        return self.pay(address, method="card", number=number, expiry="12 / 34", cvc="123")

    def debit(self, address, iban=GOOD_IBAN):
        """Pay by SEPA debit."""
        return self.pay(address, method="sepa_debit", iban=iban, holder="Solène Marchetti")

    def hand_over(self, client, events=None, *, secret=SECRET, at=None):
        """Post events to our door, signed; return the status codes.

        What was held back is handed over by default.
        """
        handed = self.events[:] if events is None else events
        if events is None:
            self.events.clear()
        return [post(client, event, secret=secret, at=at) for event in handed]

    def intent(self):
        """Return the name of the only payment there is."""
        (found,) = [row["id"] for row in self.book.rows.values() if row["object"] == "payment_intent"]
        return found


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def post(client, event, *, secret=SECRET, at=None):
    """Post one signed event and return the status."""
    body = json.dumps(event).encode()
    header = signature(body, secret, at)
    return client.post(
        url("stripe_webhook"),
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    ).status_code


@contextmanager
def provider_at(settings):
    """Give the stand-in, configured as our account."""
    events = []
    double = Double(Book(events.append), key=KEY, bank_seconds=0).start()
    settings.STRIPE_API_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    settings.STRIPE_BASE = double.url
    try:
        yield Provider(double, events)
    finally:
        double.shutdown()
        double.server_close()


def address_of(answer):
    """Return where the page that leads to the provider leads."""
    page = answer.content.decode()
    return page.split("url=", 1)[1].split('"', 1)[0]


def look(now):
    """Let the agenda look into what came."""
    with inside_operator():
        tick(now + timedelta(minutes=2))  # the clock went on while we posted


def only_checkout():
    """Return the only attempt there is."""
    with inside_operator():
        return Checkout.objects.get()


def order_placed(contact=None, *, now, product="preau-ecole", quantity=10, method="card", **chosen):
    """Return an order placed online: it waits for its money and has no invoice."""
    catalogue()
    buyer = contact or ContactFactory()
    sold = Product.objects.get(key=product)
    today = paris_day(now)
    number = document_number("order", year=today.year, rank=NumberSeries.objects.take("order", today.year))
    order = Order.objects.create(
        number=number,
        customer=buyer.customer,
        contact=buyer,
        method=method,
        confirmed_at=now,
        confirmed_on=today,
        cancellable_on=today + timedelta(days=1),
        **{"renewal": "automatic", "term_months": 12} | chosen,
    )
    site = OrderSite.objects.create(order=order, name="École des Lilas", slug=f"lilas-{uuid4().hex[:8]}")
    line = OrderLine.objects.create(
        order=order,
        site=site,
        position=1,
        product=sold,
        description=sold.name_fr,
        quantity=quantity,
        unit_net_cents=490,
        vat_rate=Decimal(20),
    )
    order.put(totals_of([line]))
    order.save()
    return order
