"""The payment provider's stand-in: never on a real installation, and strict where the provider is."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from demo.stripe_double import wallet
from demo.stripe_double.book import API_VERSION, Book, Declined, Missing, Refused
from demo.stripe_double.server import Double, unfold
from demo.stripe_double.webhooks import signature

SRC = Path(__file__).resolve().parents[2] / "src"
ASKED = {
    "mode": "payment",
    "success_url": "http://x/{CHECKOUT_SESSION_ID}",
    "line_items": [
        {
            "quantity": "1",
            "price_data": {"currency": "eur", "unit_amount": "500", "product_data": {"name": "FA-1"}},
        }
    ],
}


def test_it_refuses_to_start_outside_of_a_demonstration(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(SRC)} | {"PREAU_DEMO": ""}
    command = [
        sys.executable,
        "-m",
        "demo.stripe_double",
        "--port",
        "1",
        "--to",
        "http://x/",
        "--book",
        str(tmp_path),
    ]
    said = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert said.returncode == 2
    assert "no real payment" in said.stderr


def test_a_real_installation_never_listens_to_it():
    code = "from config import settings; print(repr(settings.STRIPE_BASE))"
    environment = {
        **os.environ,
        "PYTHONPATH": str(SRC),
        "PREAU_STRIPE_DOUBLE": "http://127.0.0.1:1",
        "SECRET_KEY": "x",
    }
    for name in ("PREAU_DEMO", "PREAU_INSECURE_HTTP"):
        environment.pop(name, None)
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert said.stdout.strip() == "''", said.stderr


def test_its_signature_is_the_one_the_providers_library_accepts(now):
    import stripe

    body = b'{"id": "evt_1"}'
    at = int(now.timestamp())
    assert stripe.WebhookSignature.verify_header(
        body.decode(), signature(body, "whsec_1", at), "whsec_1", 300
    )


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


def setup_page(book, **more):
    """Return the name of a page on which a method can be left."""
    asked = {
        "mode": "setup",
        "success_url": "http://x/",
        "allowed_payment_method_types": ["card", "sepa_debit"],
        "customer_creation": "always",
        "customer_email": "a@b.example",
    }
    return book.open_session(asked | more, "http://d")["id"]


def saved(book, number="4242424242424242", **more):
    """Return a method left on a page, and whose it is."""
    page = setup_page(book, **more)
    assert wallet.save_card(book, page, number) == ""
    setup = book.get(book.get(page)["setup_intent"])
    return book.get(setup["payment_method"])


def charge(method, **more):
    """Return what a charge of a saved method asks."""
    return {
        "amount": "500",
        "currency": "eur",
        "customer": method["customer"],
        "payment_method": method["id"],
        "confirm": "true",
        "off_session": "true",
    } | more


class TestSavedMethods:
    """Left on a page, charged without their holder, forgotten; strict as the provider is."""

    def test_a_card_is_left_and_charged_later(self, tmp_path):
        said = []
        book = Book(said.append, tmp_path / "book.json")
        method = saved(book)
        kinds = [event["type"] for event in said]
        assert kinds == [
            "setup_intent.created",
            "customer.created",
            "payment_method.attached",
            "setup_intent.succeeded",
            "checkout.session.completed",
        ]
        intent = wallet.charge_saved(book, charge(method))
        assert (intent["status"], intent["amount_received"]) == ("succeeded", 500)
        assert said[-1]["type"] == "payment_intent.succeeded"
        assert "4242424242424242" not in (tmp_path / "book.json").read_text()

    def test_a_card_refused_at_once_is_not_kept(self):
        book = Book(lambda event: None)
        page = setup_page(book)
        assert "declined" in wallet.save_card(book, page, "4000000000000002")
        assert book.get(page)["status"] == "open"
        assert not [row for row in book.rows.values() if row["object"] == "payment_method"]

    def test_a_card_that_attaches_is_refused_without_its_holder(self):
        said = []
        book = Book(said.append)
        method = saved(book, "4000000000000341")
        with pytest.raises(Declined) as refused:
            wallet.charge_saved(book, charge(method))
        assert (refused.value.code, refused.value.intent["status"]) == (
            "card_declined",
            "requires_payment_method",
        )
        assert said[-1]["type"] == "payment_intent.payment_failed"

    def test_a_saved_account_is_debited_days_later(self):
        book = Book(lambda event: None)
        page = setup_page(book)
        wallet.save_debit(book, page, "FR1420041010050500013M02606")
        method = book.get(book.get(book.get(page)["setup_intent"])["payment_method"])
        intent = wallet.charge_saved(book, charge(method))
        assert intent["status"] == "processing"
        book.settle_debit(intent["id"])
        assert book.get(intent["id"])["status"] == "succeeded"

    def test_what_is_detached_is_never_charged_nor_attached_again(self):
        book = Book(lambda event: None)
        method = saved(book)
        customer = method["customer"]
        wallet.detach(book, method["id"])
        with pytest.raises(Refused):
            wallet.detach(book, method["id"])
        with pytest.raises(Refused):
            wallet.attach(book, method["id"], customer)
        with pytest.raises(Refused):
            wallet.charge_saved(book, charge(method))

    def test_a_method_is_charged_for_its_own_customer_only(self):
        book = Book(lambda event: None)
        stranger = wallet.open_customer(book, {"email": "c@d.example"})
        with pytest.raises(Refused):
            wallet.charge_saved(book, charge(saved(book), customer=stranger["id"]))

    @pytest.mark.parametrize(
        "asked",
        [
            {"payment_method_types": ["card"]},
            {"amount": "0"},
            {"confirm": "false"},
            {"confirm": "false", "off_session": ""},
            {"off_session": "false"},
        ],
    )
    def test_a_charge_the_provider_would_refuse(self, asked):
        book = Book(lambda event: None)
        with pytest.raises(Refused):
            wallet.charge_saved(book, charge(saved(book)) | asked)

    @pytest.mark.parametrize(
        "asked",
        [
            {"customer": "cus_1", "customer_email": "a@b.example"},
            {"payment_method_types": ["card"]},
            {"line_items": [{}]},
            {"payment_intent_data": {}},
            {"allowed_payment_method_types": []},
            {"success_url": ""},
            {"mode": "subscription"},
        ],
    )
    def test_a_page_the_provider_would_refuse(self, asked):
        with pytest.raises(Refused):
            setup_page(Book(lambda event: None), **asked)

    def test_a_page_is_used_once_and_for_its_own_purpose(self):
        book = Book(lambda event: None)
        page = setup_page(book)
        wallet.save_card(book, page, "4242424242424242")
        with pytest.raises(Refused):
            wallet.save_card(book, page, "4242424242424242")
        with pytest.raises(Refused):
            wallet.save_card(book, book.open_session(ASKED, "http://d")["id"], "4242424242424242")
        with pytest.raises(Refused):
            book.pay_by_card(setup_page(book), "4242424242424242")


def test_a_refusal_is_answered_again_for_the_same_key_and_other_parameters_are_refused():
    import stripe

    double = Double(Book(lambda event: None), key="sk_test_1", bank_seconds=0).start()
    try:
        method = saved(double.book, "4000000000000341")
        client = stripe.StripeClient("sk_test_1", base_addresses={"api": double.url})
        asked = charge(method) | {"amount": 500, "confirm": True, "off_session": True}
        names = set()
        for _ in range(2):
            with pytest.raises(stripe.CardError) as refused:
                client.v1.payment_intents.create(asked, {"idempotency_key": "k"})
            names.add(refused.value.json_body["error"]["payment_intent"]["id"])
        assert len(names) == 1
        with pytest.raises(stripe.IdempotencyError):
            client.v1.payment_intents.create(asked | {"amount": 501}, {"idempotency_key": "k"})
    finally:
        double.shutdown()
        double.server_close()


def test_a_wrong_key_or_version_is_refused():
    double = Double(Book(lambda event: None), key="sk_test_1", bank_seconds=0).start()
    try:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer sk_test_1", "Stripe-Version": "2020-01-01"}, 400),
            ({"Authorization": "Bearer sk_test_1", "Stripe-Version": API_VERSION}, 404),
        ):
            request = urllib.request.Request(f"{double.url}/v1/payment_intents/pi_x", headers=headers)
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=10)
            assert refused.value.code == status
    finally:
        double.shutdown()
        double.server_close()


def test_fields_are_unfolded():
    assert unfold([("a[b]", "1"), ("c[0]", "2"), ("c[1][d]", "3")]) == {
        "a": {"b": "1"},
        "c": ["2", {"d": "3"}],
    }
