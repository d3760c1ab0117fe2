"""The payment provider's stand-in: never on a real installation, and strict where the provider is."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from demo.stripe_double.book import API_VERSION, Book, Missing, Refused
from demo.stripe_double.server import Double, unfold
from demo.stripe_double.webhooks import signature

SRC = Path(__file__).resolve().parents[2] / "src"
ASKED = {
    "mode": "payment",
    "success_url": "http://x/{CHECKOUT_SESSION_ID}",
    "line_items": [{"quantity": "1", "price_data": {"currency": "eur", "unit_amount": "500",
                                                    "product_data": {"name": "FA-1"}}}],
}  # fmt: skip


def test_it_refuses_to_start_outside_of_a_demonstration(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(SRC)} | {"PREAU_DEMO": ""}
    command = [sys.executable, "-m", "demo.stripe_double", "--port", "1", "--to", "http://x/", "--book", str(tmp_path)]
    said = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert said.returncode == 2
    assert "no real payment" in said.stderr


def test_a_real_installation_never_listens_to_it():
    code = "from config import settings; print(repr(settings.STRIPE_BASE))"
    environment = {**os.environ, "PYTHONPATH": str(SRC), "PREAU_STRIPE_DOUBLE": "http://127.0.0.1:1", "SECRET_KEY": "x"}
    for name in ("PREAU_DEMO", "PREAU_INSECURE_HTTP"):
        environment.pop(name, None)
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert said.stdout.strip() == "''", said.stderr


def test_its_signature_is_the_one_the_providers_library_accepts(now):
    import stripe

    body = b'{"id": "evt_1"}'
    at = int(now.timestamp())
    assert stripe.WebhookSignature.verify_header(body.decode(), signature(body, "whsec_1", at), "whsec_1", 300)


def test_refunds_never_exceed_what_was_received_and_a_page_is_paid_once(tmp_path):
    said = []
    book = Book(said.append, tmp_path / "book.json")
    session = book.open_session(ASKED, "http://d")
    assert book.pay_by_card(session["id"], "4242424242424242") == ""
    with pytest.raises(Refused):
        book.pay_by_card(session["id"], "4242424242424242")
    intent = book.get(session["id"])["payment_intent"]
    book.refund(intent, 300, {})
    with pytest.raises(Refused):
        book.refund(intent, 201, {})
    again = Book(said.append, tmp_path / "book.json")  # a demonstration that was stopped and started
    assert again.get(intent)["status"] == "succeeded"
    with pytest.raises(Missing):
        again.get("pi_nothing")
    assert "4242424242424242" not in (tmp_path / "book.json").read_text()
    assert len({event["id"] for event in said}) == len(said)


def test_a_wrong_key_or_version_is_refused():
    double = Double(Book(lambda event: None), key="sk_test_1", bank_seconds=0).start()
    try:
        for headers, status in (({}, 401), ({"Authorization": "Bearer sk_test_1", "Stripe-Version": "2020-01-01"}, 400),
                                ({"Authorization": "Bearer sk_test_1", "Stripe-Version": API_VERSION}, 404)):  # fmt: skip
            request = urllib.request.Request(f"{double.url}/v1/payment_intents/pi_x", headers=headers)
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=10)
            assert refused.value.code == status
    finally:
        double.shutdown()
        double.server_close()


def test_fields_are_unfolded():
    assert unfold([("a[b]", "1"), ("c[0]", "2"), ("c[1][d]", "3")]) == {"a": {"b": "1"}, "c": ["2", {"d": "3"}]}
