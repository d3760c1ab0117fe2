"""Saved payment methods on the provider's side.

Customers, setups, what is attached, and charges without the payer.
"""

from __future__ import annotations

import secrets
import time

from demo.stripe_double.book import DECLINED, WORDS, Book, Declined, Refused, Row, error_of

REFUSED_LATER = "4000000000000341"  # attaches, and is refused whenever it is charged without its holder


def open_customer(book: Book, asked: Row) -> Row:
    """Return a new customer."""
    row = {
        "id": f"cus_{secrets.token_hex(8)}",
        "object": "customer",
        "created": int(time.time()),
        "livemode": False,
        "email": asked.get("email"),
        "metadata": asked.get("metadata") or {},
    }
    return book.keep(row, "customer.created")


def save_card(book: Book, key: str, number: str) -> str:
    """Return "" when a card was left on a setup page, else why it was refused.

    The number is looked at and forgotten.
    """
    setup = _setup(book, key)
    if refused := DECLINED.get(number):
        book.keep(setup | {"last_setup_error": error_of(refused, "card")}, "setup_intent.setup_failed")
        return WORDS[refused]
    later = "card_declined" if number == REFUSED_LATER else ""
    _save(book, setup, {"type": "card", "card": {"brand": "visa", "last4": number[-4:]}, "_refused": later})
    return ""


def save_debit(book: Book, key: str, iban: str) -> None:
    """Keep an account left on a setup page, with the mandate to debit it."""
    setup = _setup(book, key)
    _save(
        book,
        setup,
        {
            "type": "sepa_debit",
            "sepa_debit": {"country": iban[:2], "last4": iban[-4:]},
            "_iban_end": iban[-6:],
        },
    )


def attach(book: Book, key: str, customer: str) -> Row:
    """Return a method that belongs to a customer from now on. Raises Refused, Missing."""
    method = book.get(key)
    if method["customer"] or method.get("_was_detached"):
        raise Refused("This payment method was attached or detached before and can't be attached again.")
    return book.keep(method | {"customer": book.get(customer)["id"]}, "payment_method.attached")


def detach(book: Book, key: str) -> Row:
    """Return a method that nobody can charge any more. Raises Refused, Missing."""
    method = book.get(key)
    if not method["customer"]:
        raise Refused(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    return book.keep(method | {"customer": None, "_was_detached": True}, "payment_method.detached")


def charge_saved(book: Book, asked: Row) -> Row:
    """Return the intent of a charge without the payer; a debit's bank answers later.

    Raises Declined, Refused, Missing.
    """
    _check(asked)
    method = book.get(asked["payment_method"])
    if method["customer"] != book.get(asked["customer"])["id"]:
        raise Refused("The payment method isn't attached to this customer.")
    intent = book.keep(
        {
            "id": f"pi_{secrets.token_hex(12)}",
            "object": "payment_intent",
            "created": int(time.time()),
            "amount": int(asked["amount"]),
            "amount_received": 0,
            "currency": asked["currency"],
            "livemode": False,
            "status": "requires_payment_method",
            "latest_charge": None,
            "last_payment_error": None,
            "customer": asked["customer"],
            "payment_method": method["id"],
            "metadata": asked.get("metadata") or {},
            "_iban_end": method.get("_iban_end", ""),
        },
        "payment_intent.created",
    )
    book.charge(intent, {"type": method["type"], method["type"]: method[method["type"]]})
    if method["type"] == "sepa_debit":
        return book.keep(book.get(intent["id"]) | {"status": "processing"}, "payment_intent.processing")
    if refused := method.get("_refused"):
        failed = {"last_payment_error": error_of(refused, "card"), "payment_method": None}
        book.keep(book.get(intent["id"]) | failed, "payment_intent.payment_failed")
        raise Declined(refused, book.get(intent["id"]))
    book.succeed(intent["id"])
    return book.get(intent["id"])


def _check(asked: Row) -> None:
    if "payment_method_types" in asked:
        raise Refused("payment_method_types_no_longer_supported")
    if int(asked.get("amount") or 0) <= 0 or not asked.get("currency"):
        raise Refused("amount and currency are needed")
    if asked.get("off_session") == "true" and asked.get("confirm") != "true":
        raise Refused("off_session can only be used with confirm=true")
    if asked.get("confirm") != "true" or not asked.get("payment_method") or not asked.get("customer"):
        raise Refused(
            "only charges of a saved method are made here: customer, payment_method and confirm are needed"
        )
    if asked.get("off_session") != "true" and not asked.get("return_url"):
        raise Refused("return_url is needed")


def _setup(book: Book, key: str) -> Row:
    session = book.get(key)
    if session["mode"] != "setup" or session["status"] != "open" or session["expires_at"] < time.time():
        raise Refused("this page is closed")
    return book.get(session["setup_intent"])


def _save(book: Book, setup: Row, details: Row) -> None:
    session = book.get(setup["_session"])
    customer = session["customer"]
    if customer is None and session["customer_creation"] == "always":
        customer = open_customer(book, {"email": session["_email"]})["id"]
    method = book.keep(
        {
            "id": f"pm_{secrets.token_hex(12)}",
            "object": "payment_method",
            "created": int(time.time()),
            "customer": None,
            "livemode": False,
            **details,
        }
    )
    if customer:
        attach(book, method["id"], customer)
    done = {
        "status": "succeeded",
        "payment_method": method["id"],
        "customer": customer,
        "last_setup_error": None,
    }
    book.keep(setup | done, "setup_intent.succeeded")
    closed = {"status": "complete", "payment_status": "no_payment_required", "customer": customer}
    book.keep(book.get(session["id"]) | closed, "checkout.session.completed")
