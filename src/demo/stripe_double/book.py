"""The provider's side of payments: sessions, intents, charges, refunds, disputes, and the events they make."""

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
DEBIT_FAILS, DEBIT_CONTESTED, DEBIT_SLOW = "M02607", "M02608", "M02609"
HOURS_OPEN = 24
WORDS = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "debit_refused": "The customer's bank refused the debit.",
}


class Missing(Exception):
    """Raised when an object isn't in the book; says which."""


class Refused(Exception):
    """Raised when the provider would refuse the request; says why."""


class Book:
    """Everything the provider knows. Every change tells `announce` the event it makes."""

    def __init__(self, announce: Callable[[Row], None], path: Path | None = None) -> None:
        """Open the book, with what an earlier run wrote into `path`."""
        self.announce, self.path, self.lock = announce, path, threading.RLock()
        self.rows: dict[str, Row] = json.loads(path.read_text()) if path and path.exists() else {}
        self.answers: dict[str, Row] = {}  # by idempotency key

    def get(self, key: str) -> Row:
        """Return an object. Raises Missing."""
        try:
            return self.rows[key]
        except KeyError:
            raise Missing(key) from None

    def of_intent(self, kind: str, intent: str) -> list[Row]:
        """Return the refunds or disputes of a payment intent, the newest first."""
        return [
            row for row in reversed(self.rows.values()) if row["object"] == kind and row["payment_intent"] == intent
        ]

    def open_session(self, asked: Row, base: str) -> Row:
        """Return a new Checkout session."""
        lines = asked.get("line_items") or []
        total = sum(int(line["price_data"]["unit_amount"]) * int(line["quantity"]) for line in lines)
        if total <= 0 or asked.get("mode") != "payment" or not asked.get("success_url"):
            raise Refused("line_items, mode=payment and success_url are needed")
        key = f"cs_test_{secrets.token_hex(16)}"
        names = [line["price_data"]["product_data"]["name"] for line in lines]
        row = {
            "id": key, "object": "checkout.session", "created": int(time.time()), "livemode": False,
            "status": "open", "payment_status": "unpaid", "payment_intent": None, "amount_total": total,
            "currency": lines[0]["price_data"]["currency"], "url": f"{base}/c/pay/{key}", "mode": "payment",
            "expires_at": int(time.time()) + HOURS_OPEN * 3600, "metadata": asked.get("metadata") or {},
            "client_reference_id": asked.get("client_reference_id"), "success_url": asked["success_url"],
            "cancel_url": asked.get("cancel_url"), "payment_method_types": asked.get("payment_method_types") or ["card"],
            "locale": asked.get("locale") or "auto", "_names": names,
            "_intent_metadata": (asked.get("payment_intent_data") or {}).get("metadata") or {},
        }  # fmt: skip
        return self._keep(row)

    def expire(self, key: str) -> Row:
        """Return a session that can't be paid any more."""
        session = self.get(key)
        if session["status"] != "open":
            raise Refused("only an open session expires")
        self._keep(session | {"status": "expired"}, "checkout.session.expired")
        return self.rows[key]

    def pay_by_card(self, key: str, number: str) -> str:
        """Return "" when the card was charged, else why it was refused. The number is looked at and forgotten."""
        intent = self._intent(key)
        refused = DECLINED.get(number)
        if refused:
            self._keep(intent | {"last_payment_error": _error(refused, "card")}, "payment_intent.payment_failed")
            return WORDS[refused]
        self._charge(intent, {"type": "card", "card": {"brand": "visa", "last4": number[-4:]}})
        self._succeed(intent["id"])
        self._complete(key, "paid", "checkout.session.completed")
        if number == CONTESTED_CARD:
            self.contest(intent["id"], reason="fraudulent")
        return ""

    def pay_by_debit(self, key: str, iban: str) -> Row:
        """Return the intent of a debit that is on its way; the bank answers later."""
        intent = self._intent(key)
        self._charge(intent, {"type": "sepa_debit", "sepa_debit": {"country": iban[:2], "last4": iban[-4:]}})
        found = self.rows[intent["id"]] | {"status": "processing", "_iban_end": iban[-6:]}
        self._keep(found, "payment_intent.processing")
        self._complete(key, "unpaid", "checkout.session.completed")
        return self.rows[intent["id"]]

    def settle_debit(self, intent_id: str) -> None:
        """Let the bank answer a debit as its test account says."""
        end = self.get(intent_id).get("_iban_end", "")
        if end == DEBIT_FAILS:
            self.fail_debit(intent_id)
            return
        self._succeed(intent_id)
        self._keep(self._session_of(intent_id) | {"payment_status": "paid"}, "checkout.session.async_payment_succeeded")

    def fail_debit(self, intent_id: str) -> None:
        """Let the bank refuse a debit that was on its way."""
        intent = self.get(intent_id)
        failed = {"status": "requires_payment_method", "last_payment_error": _error("debit_refused", "sepa_debit")}
        self._keep(intent | failed, "payment_intent.payment_failed")
        self._keep(self._session_of(intent_id), "checkout.session.async_payment_failed")

    def contest(self, intent_id: str, *, reason: str = "general", lost: bool = False) -> Row:
        """Return a new dispute: the payer's bank takes the money back; a debit's is lost at once."""
        intent = self.get(intent_id)
        row = {
            "id": f"du_{secrets.token_hex(12)}", "object": "dispute", "created": int(time.time()),
            "payment_intent": intent_id, "charge": intent["latest_charge"], "amount": intent["amount_received"],
            "currency": intent["currency"], "status": "lost" if lost else "needs_response", "reason": reason,
        }  # fmt: skip
        self._keep(row, "charge.dispute.created")
        if lost:
            self._keep(row, "charge.dispute.closed")
        return row

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """Let the bank decide a dispute."""
        self._keep(self.get(dispute_id) | {"status": "won" if won else "lost"}, "charge.dispute.closed")

    def refund(self, intent_id: str, cents: int | None, metadata: Row) -> Row:
        """Return a new refund; never more than was received. Raises Refused."""
        intent = self.get(intent_id)
        before = sum(row["amount"] for row in self.of_intent("refund", intent_id) if row["status"] != "failed")
        left = intent["amount_received"] - before
        wanted = left if cents is None else cents
        if not 0 < wanted <= left:
            raise Refused(f"refund of {wanted} is more than the {left} left")
        row = {
            "id": f"re_{secrets.token_hex(12)}", "object": "refund", "created": int(time.time()), "amount": wanted,
            "currency": intent["currency"], "payment_intent": intent_id, "charge": intent["latest_charge"],
            "status": "succeeded", "metadata": metadata,
        }  # fmt: skip
        self._keep(row, "refund.created")
        self._say("charge.refunded", self.get(intent["latest_charge"]))
        return row

    def fail_refund(self, refund_id: str) -> None:
        """Let a refund come back weeks later."""
        self._keep(self.get(refund_id) | {"status": "failed"}, "refund.failed")

    def _intent(self, key: str) -> Row:
        session = self.get(key)
        if session["status"] != "open" or session["expires_at"] < time.time():
            raise Refused("this page is closed")
        if session["payment_intent"]:
            return self.get(session["payment_intent"])
        row = {
            "id": f"pi_{secrets.token_hex(12)}", "object": "payment_intent", "created": int(time.time()),
            "amount": session["amount_total"], "amount_received": 0, "currency": session["currency"],
            "status": "requires_payment_method", "latest_charge": None, "last_payment_error": None,
            "metadata": session["_intent_metadata"], "livemode": False, "_session": key,
        }  # fmt: skip
        self._keep(session | {"payment_intent": row["id"]})
        return self._keep(row, "payment_intent.created")

    def _charge(self, intent: Row, details: Row) -> None:
        row = {
            "id": f"ch_{secrets.token_hex(12)}", "object": "charge", "created": int(time.time()),
            "amount": intent["amount"], "currency": intent["currency"], "payment_intent": intent["id"],
            "payment_method_details": details, "status": "pending",
        }  # fmt: skip
        self._keep(row)
        self._keep(self.rows[intent["id"]] | {"latest_charge": row["id"], "last_payment_error": None})

    def _succeed(self, intent_id: str) -> None:
        intent = self.get(intent_id)
        self._keep(self.get(intent["latest_charge"]) | {"status": "succeeded"}, "charge.succeeded")
        self._keep(intent | {"status": "succeeded", "amount_received": intent["amount"]}, "payment_intent.succeeded")

    def _complete(self, key: str, payment_status: str, event: str) -> None:
        self._keep(self.get(key) | {"status": "complete", "payment_status": payment_status}, event)

    def _session_of(self, intent_id: str) -> Row:
        return self.get(self.get(intent_id)["_session"])

    def _keep(self, row: Row, event: str = "") -> Row:
        with self.lock:
            self.rows[row["id"]] = row
            if self.path:
                new = self.path.with_suffix(".new")
                new.write_text(json.dumps(self.rows))
                new.replace(self.path)
        if event:
            self._say(event, row)
        return row

    def _say(self, kind: str, row: Row) -> None:
        self.announce({
            "id": f"evt_{secrets.token_hex(12)}", "object": "event", "api_version": API_VERSION, "type": kind,
            "created": int(time.time()), "livemode": False, "data": {"object": public(row)},
        })  # fmt: skip


def public(row: Row) -> Row:
    """Return an object without what only the book knows."""
    return {key: value for key, value in row.items() if not key.startswith("_")}


def _error(code: str, method: str) -> Row:
    return {"code": code, "message": WORDS[code], "payment_method": {"object": "payment_method", "type": method}}
