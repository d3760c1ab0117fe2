"""Messages of the provider that aren't ours, or aren't messages: settled or refused, never an error."""

import json
from pathlib import Path

import pytest
from django.test import Client

from agenda.models import Obligation
from billing.models import Checkout, Payment, WebhookEvent
from demo.stripe_double.webhooks import signature
from isolation.context import inside_operator
from tests.billing.online import SECRET, look, post, provider_at
from tests.billing.support import rows_of, url

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


@pytest.fixture
def door():
    """Where the provider posts; an error would be answered, not raised."""
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def event(kind="payment_intent.succeeded", /, key="evt_1", **about):
    """Return an event about something."""
    return {"id": key, "type": kind, "data": {"object": about}}


def session(intent):
    """Return an event about a page of another account."""
    done = "checkout.session.completed"
    return event(done, object="checkout.session", id="cs_other", payment_intent=intent)


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize(
    "sent",
    [
        session(None),
        session("pi_other"),
        event(object="payment_intent", id="pi_other"),
        event("setup_intent.succeeded", object="setup_intent", id="seti_other"),
        event("charge.refunded", object="charge", id="ch_other", payment_intent={"id": "pi_other"}),
        event("something.new", object="brand_new", id="x_1"),
        event("something.new"),
        event(object="payment_intent", id="p" * 300),
        event(object="payment_intent", id="pi_1", metadata=None) | {"account": "acct_other"},
    ],
)
def test_what_is_not_ours_is_recorded_and_settled(door, now, sent):
    assert post(door, sent) == 200
    assert post(door, sent) == 200  # heard twice, kept once
    look(now)
    (kept,) = rows_of(WebhookEvent.objects)
    assert kept.handled_at is not None
    assert (kept.checkout_id, kept.setup_id) == (None, None)
    with inside_operator():
        assert not Obligation.objects.waiting().filter(subject_id=kept.pk).exists()
    assert rows_of(Payment.objects) == rows_of(Checkout.objects) == []


BAD = [
    (CASES / "17-stripe-event-nul.json").read_bytes(),
    b"not json",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"id": "evt_1", "type": "x"}',
    b'{"id": "evt_1", "type": "x", "data": []}',
    b'{"id": "evt_1", "type": "x", "data": {"object": []}}',
    json.dumps(event(object="payment_intent", id=["pi_1"])).encode(),
    json.dumps(event(key="", object="payment_intent", id="pi_1")).encode(),
    json.dumps(event(key="e" * 200, object="payment_intent", id="pi_1")).encode(),
    json.dumps(event("t\0", object="payment_intent", id="pi_1")).encode(),
    json.dumps(event(object="charge", payment_intent={"id": 7})).encode(),
]


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("body", [*BAD, b"\xff\xfe"])
@pytest.mark.parametrize("secret", [SECRET, "whsec_other"])
def test_what_is_no_message_is_refused_signed_or_not(door, body, secret):
    header = "t=1,v1=0" if body == b"\xff\xfe" else signature(body, secret, None)
    answer = door.post(
        url("stripe_webhook"),
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )
    assert answer.status_code == 400
    assert rows_of(WebhookEvent.objects) == []


@pytest.mark.usefixtures("provider")
def test_a_form_is_no_message(door):
    assert door.post(url("stripe_webhook"), {"idempotency_key": "k"}).status_code == 400
