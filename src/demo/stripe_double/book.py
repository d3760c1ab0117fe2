"""The provider's side of payments: sessions, intents, charges, refunds, disputes, and the events they
make.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
API_VERSION = "2026-10-28.endive"
DECLINED = {"4000000000000002": "card_declined", "4000000000009995": "insufficient_funds"}
CONTESTED_CARD = "4000000000000259"
DEBIT_FAILS = "M02607"
DEBIT_CONTESTED = "M02608"
DEBIT_SLOW = "M02609"
HOURS_OPEN = 24
FIXED_FEE_CENTS = 25
FEE_PER_THOUSAND = 15
WORDS = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "debit_refused": "The customer's bank refused the debit.",
}


class Missing(Exception):
    """Raised when an object isn't in the book; says which."""


class Refused(Exception):
    """Raised when the provider would refuse the request; says why."""


class Declined(Exception):
    """Raised when a saved card is refused: the provider answers with an error that holds the payment."""

    def __init__(self, code: str, intent: Row) -> None:
        super().__init__(WORDS[code])
        self.code = code
        self.intent = intent


class Book:
    """Everything the provider knows. Every change tells `announce` the event it makes."""

    def __init__(self, announce: Callable[[Row], None], path: Path | None = None) -> None:
        """Open the book, with what an earlier run wrote into `path`."""
        self.announce = announce
        self.path = path
        self.lock = threading.RLock()
        self.rows: dict[str, Row] = json.loads(path.read_text()) if path and path.exists() else {}
        self.answers: dict[
            str, tuple[str, Row, Row | Declined]
        ] = {}  # by idempotency key: what was asked and answered

    def get(self, key: str) -> Row:
        """Return an object. Raises Missing."""
        try:
            return self.rows[key]
        except KeyError:
            raise Missing(key) from None

    def of_intent(self, kind: str, intent: str) -> list[Row]:
        """Return the refunds or disputes of a payment intent, the newest first."""
        return [
            row
            for row in reversed(self.rows.values())
            if row["object"] == kind and row["payment_intent"] == intent
        ]

    def open_session(self, asked: Row, base: str) -> Row:
        """Return a new Checkout session, to pay or to leave a payment method."""
        if "payment_method_types" in asked:
            raise Refused("payment_method_types_no_longer_supported")
        if "customer" in asked and "customer_email" in asked:
            raise Refused("You may only specify one of these parameters: customer, customer_email.")
        if asked.get("mode") not in {"payment", "setup"} or not asked.get("success_url"):
            raise Refused("mode and success_url are needed")
        key = f"cs_test_{secrets.token_hex(16)}"
        row = {
            "id": key,
            "object": "checkout.session",
            "created": int(time.time()),
            "livemode": False,
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "setup_intent": None,
            "url": f"{base}/c/pay/{key}",
            "mode": asked["mode"],
            "customer": asked.get("customer"),
            "expires_at": int(time.time()) + HOURS_OPEN * 3600,
            "metadata": asked.get("metadata") or {},
            "client_reference_id": asked.get("client_reference_id"),
            "success_url": asked["success_url"],
            "cancel_url": asked.get("cancel_url"),
            "locale": asked.get("locale") or "auto",
            "payment_method_types": asked.get("allowed_payment_method_types") or ["card"],
            "customer_creation": asked.get("customer_creation"),
            "_email": asked.get("customer_email"),
        }
        return self.keep(row | (_to_pay(asked) if asked["mode"] == "payment" else _to_save(self, key, asked)))

    def expire(self, key: str) -> Row:
        """Return a session that can't be paid any more."""
        session = self.get(key)
        if session["status"] != "open":
            raise Refused("only an open session expires")
        self.keep(session | {"status": "expired"}, "checkout.session.expired")
        return self.rows[key]

    def pay_by_card(self, key: str, number: str) -> str:
        """Return "" when the card was charged, else why it was refused.

        The number is looked at and forgotten.
        """
        intent = self._intent(key)
        refused = DECLINED.get(number)
        if refused:
            self.keep(
                intent | {"last_payment_error": error_of(refused, "card")}, "payment_intent.payment_failed"
            )
            return WORDS[refused]
        self.charge(intent, {"type": "card", "card": {"brand": "visa", "last4": number[-4:]}})
        self.succeed(intent["id"])
        self.complete(key, "paid", "checkout.session.completed")
        if number == CONTESTED_CARD:
            self.contest(intent["id"], reason="fraudulent")
        return ""

    def pay_by_debit(self, key: str, iban: str) -> Row:
        """Return the intent of a debit that is on its way; the bank answers later."""
        intent = self._intent(key)
        self.charge(intent, {"type": "sepa_debit", "sepa_debit": {"country": iban[:2], "last4": iban[-4:]}})
        found = self.rows[intent["id"]] | {"status": "processing", "_iban_end": iban[-6:]}
        self.keep(found, "payment_intent.processing")
        self.complete(key, "unpaid", "checkout.session.completed")
        return self.rows[intent["id"]]

    def settle_debit(self, intent_id: str) -> None:
        """Let the bank answer a debit as its test account says."""
        end = self.get(intent_id).get("_iban_end", "")
        if end == DEBIT_FAILS:
            self.fail_debit(intent_id)
            return
        self.succeed(intent_id)
        if session := self._session_of(intent_id):
            self.keep(session | {"payment_status": "paid"}, "checkout.session.async_payment_succeeded")

    def fail_debit(self, intent_id: str) -> None:
        """Let the bank refuse a debit that was on its way."""
        intent = self.get(intent_id)
        failed = {
            "status": "requires_payment_method",
            "last_payment_error": error_of("debit_refused", "sepa_debit"),
        }
        self.keep(intent | failed, "payment_intent.payment_failed")
        if session := self._session_of(intent_id):
            self.keep(session, "checkout.session.async_payment_failed")

    def contest(
        self, intent_id: str, *, reason: str = "general", lost: bool = False, cents: int | None = None
    ) -> Row:
        """Return a new dispute: the payer's bank takes the money back, of a card what is left of it unless
        `cents` says how much, of a debit all of it; that one is lost at once.
        """
        intent = self.get(intent_id)
        charge = self.get(intent["latest_charge"])
        rows = self.of_intent("refund", intent_id) if "card" in charge["payment_method_details"] else []
        back = sum(row["amount"] for row in rows if row["status"] != "failed")
        row = {
            "id": f"du_{secrets.token_hex(12)}",
            "object": "dispute",
            "created": int(time.time()),
            "payment_intent": intent_id,
            "charge": intent["latest_charge"],
            "amount": intent["amount_received"] - back if cents is None else cents,
            "currency": intent["currency"],
            "status": "lost" if lost else "needs_response",
            "reason": reason,
        }
        self.keep(row, "charge.dispute.created")
        if lost:
            self.keep(row, "charge.dispute.closed")
        return row

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """Let the bank decide a dispute."""
        self.keep(self.get(dispute_id) | {"status": "won" if won else "lost"}, "charge.dispute.closed")

    def refund(self, intent_id: str, cents: int | None, metadata: Row) -> Row:
        """Return a new refund; never more than was received. Raises Refused."""
        intent = self.get(intent_id)
        before = sum(
            row["amount"] for row in self.of_intent("refund", intent_id) if row["status"] != "failed"
        )
        left = intent["amount_received"] - before
        wanted = left if cents is None else cents
        if not 0 < wanted <= left:
            raise Refused(f"refund of {wanted} is more than the {left} left")
        row = {
            "id": f"re_{secrets.token_hex(12)}",
            "object": "refund",
            "created": int(time.time()),
            "amount": wanted,
            "currency": intent["currency"],
            "payment_intent": intent_id,
            "charge": intent["latest_charge"],
            "status": "succeeded",
            "metadata": metadata,
        }
        self.keep(row, "refund.created")
        self.say("charge.refunded", self.get(intent["latest_charge"]))
        return row

    def fail_refund(self, refund_id: str) -> None:
        """Let a refund come back weeks later."""
        self.keep(self.get(refund_id) | {"status": "failed"}, "refund.failed")

    def _intent(self, key: str) -> Row:
        session = self.get(key)
        if session["mode"] != "payment" or session["status"] != "open" or session["expires_at"] < time.time():
            raise Refused("this page is closed")
        if session["payment_intent"]:
            return self.get(session["payment_intent"])
        row = {
            "id": f"pi_{secrets.token_hex(12)}",
            "object": "payment_intent",
            "created": int(time.time()),
            "amount": session["amount_total"],
            "amount_received": 0,
            "currency": session["currency"],
            "status": "requires_payment_method",
            "latest_charge": None,
            "last_payment_error": None,
            "metadata": session["_intent_metadata"],
            "livemode": False,
            "_session": key,
        }
        self.keep(session | {"payment_intent": row["id"]})
        return self.keep(row, "payment_intent.created")

    def charge(self, intent: Row, details: Row) -> None:
        """Keep a new charge of an intent."""
        row = {
            "id": f"ch_{secrets.token_hex(12)}",
            "object": "charge",
            "created": int(time.time()),
            "amount": intent["amount"],
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "payment_method_details": details,
            "status": "pending",
        }
        self.keep(row)
        self.keep(self.rows[intent["id"]] | {"latest_charge": row["id"], "last_payment_error": None})

    def succeed(self, intent_id: str) -> None:
        """Let the money of an intent come."""
        intent = self.get(intent_id)
        charge = self.get(intent["latest_charge"])
        paid = {"status": "succeeded", "balance_transaction": self._fee_of(charge)["id"]}
        self.keep(charge | paid, "charge.succeeded")
        self.keep(
            intent | {"status": "succeeded", "amount_received": intent["amount"]}, "payment_intent.succeeded"
        )

    def _fee_of(self, charge: Row) -> Row:
        """Return a new movement of the account: what came, less what the provider keeps of it."""
        fee = FIXED_FEE_CENTS + charge["amount"] * FEE_PER_THOUSAND // 1000
        row = {
            "id": f"txn_{secrets.token_hex(12)}",
            "object": "balance_transaction",
            "created": int(time.time()),
            "amount": charge["amount"],
            "fee": fee,
            "net": charge["amount"] - fee,
            "currency": charge["currency"],
            "source": charge["id"],
        }
        return self.keep(row)

    def complete(self, key: str, payment_status: str, event: str) -> None:
        """Close a session with what came of it."""
        self.keep(self.get(key) | {"status": "complete", "payment_status": payment_status}, event)

    def _session_of(self, intent_id: str) -> Row | None:
        key = self.get(intent_id).get("_session")
        return self.get(key) if key else None

    def keep(self, row: Row, event: str = "") -> Row:
        """Return an object as it is from now on; the event it makes is told."""
        with self.lock:
            self.rows[row["id"]] = row
            if self.path:
                new = self.path.with_suffix(".new")
                new.write_text(json.dumps(self.rows))
                new.replace(self.path)
        if event:
            self.say(event, row)
        return row

    def say(self, kind: str, row: Row) -> None:
        """Tell an event."""
        self.announce(
            {
                "id": f"evt_{secrets.token_hex(12)}",
                "object": "event",
                "api_version": API_VERSION,
                "type": kind,
                "created": int(time.time()),
                "livemode": False,
                "data": {"object": public(row)},
            }
        )


def public(row: Row) -> Row:
    """Return an object without what only the book knows."""
    return {key: value for key, value in row.items() if not key.startswith("_")}


def error_of(code: str, method: str) -> Row:
    """Return what the provider says of a refusal."""
    return {
        "code": code,
        "message": WORDS[code],
        "payment_method": {"object": "payment_method", "type": method},
    }


def _to_pay(asked: Row) -> Row:
    lines = asked.get("line_items") or []
    total = sum(int(line["price_data"]["unit_amount"]) * int(line["quantity"]) for line in lines)
    if total <= 0 or "setup_intent_data" in asked:
        raise Refused("line_items are needed, and setup_intent_data is for setup mode only")
    return {
        "amount_total": total,
        "currency": lines[0]["price_data"]["currency"],
        "_names": [line["price_data"]["product_data"]["name"] for line in lines],
        "_intent_metadata": (asked.get("payment_intent_data") or {}).get("metadata") or {},
    }


def _to_save(book: Book, key: str, asked: Row) -> Row:
    if asked.get("line_items") or "payment_intent_data" in asked:
        raise Refused("line_items and payment_intent_data are for payment mode only")
    if not asked.get("currency") and not asked.get("allowed_payment_method_types"):
        raise Refused("currency is needed in setup mode when allowed_payment_method_types is not set")
    told = asked.get("setup_intent_data") or {}
    setup = book.keep(
        {
            "id": f"seti_{secrets.token_hex(12)}",
            "object": "setup_intent",
            "created": int(time.time()),
            "status": "requires_payment_method",
            "payment_method": None,
            "customer": asked.get("customer"),
            "usage": "off_session",
            "last_setup_error": None,
            "metadata": told.get("metadata") or {},
            "livemode": False,
            "_session": key,
        },
        "setup_intent.created",
    )
    names = [told.get("description") or "Moyen de paiement"]
    return {"amount_total": None, "currency": None, "setup_intent": setup["id"], "_names": names}
