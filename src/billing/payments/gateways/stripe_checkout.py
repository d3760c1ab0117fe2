"""The only door to Stripe: its hosted page, its signed messages, and what it knows of a payment (LG-S6.2k).

Nothing here reads a card's or an account's digits: of how somebody paid we learn "card" or "debit", and no
more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from billing.payments.policy.online import (
    CARD,
    DEBIT,
    EXPIRED,
    FAILED,
    OPEN,
    PAID,
    PROCESSING,
    Chargeback,
    ProviderPayment,
    ProviderRefund,
)
from contracts.outgoing import check_outgoing

if TYPE_CHECKING:
    import stripe


Row = dict[str, Any]

PAYMENT = "payment"
PROVIDER_HOST = "api.stripe.com"

API_VERSION = "2026-10-28.endive"

SECONDS = 10

TOLERANCE_SECONDS = 300

MAX_NAME = 120

TYPES = {CARD: "card", DEBIT: "sepa_debit"}

NAMES = {name: ours for ours, name in TYPES.items()}

REFUND_STATES = {"succeeded": "made", "failed": "failed", "canceled": "failed"}

CONTEST_STATES = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}


def payment_hosts() -> list[str]:
    """Return the payment provider's host, none where this installation has no account there."""
    if not settings.STRIPE_API_KEY:
        return []
    return [urlsplit(settings.STRIPE_BASE).hostname or PROVIDER_HOST]


class NotConfigured(Exception):
    """Raised when this installation has no account: nothing is offered online."""


class Unreachable(Exception):
    """Raised when the provider doesn't answer or refuses the request; says why."""


class Unknown(Unreachable):
    """Raised when the provider knows nothing of this name in our account: it is another's."""


class BadSignature(Exception):
    """Raised on a message that the provider did not sign, or signed too long ago."""


class BadMessage(Exception):
    """Raised on a signed message that isn't one: not JSON, of another shape, with signs no name has."""


@dataclass(frozen=True, slots=True)
class Page:
    """The provider's page of one attempt: its name and where it is."""

    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a signed message is about: names only; the intent is that of a payment or of a setup."""

    event_id: str
    kind: str
    session_id: str
    intent_id: str


def is_configured() -> bool:
    """Return whether an account, or the demonstration's stand-in, is there to be paid through."""
    return bool(settings.STRIPE_API_KEY)


def open_page(
    *,
    key: str,
    names: dict[str, str],
    label: str,
    cents: int,
    currency: str,
    methods: tuple[str, ...],
    email: str,
    language: str,
    back_url: str,
    cancel_url: str,
) -> Page:
    """Return the provider's page for one attempt; asked twice with the same key it is the same page.

    `names` is what is paid, "invoice" and "order", as we find it again. Raises NotConfigured, Unreachable.
    """
    names = {"checkout": key, **names}
    price = {"currency": currency.lower(), "unit_amount": cents, "product_data": {"name": label}}
    asked: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": key,
        "customer_email": email,
        "locale": language,
        "allowed_payment_method_types": [TYPES[method] for method in methods],
        "line_items": [{"quantity": 1, "price_data": price}],
        "metadata": names,
        "payment_intent_data": {"metadata": names, "description": label},
        "success_url": back_url,
        "cancel_url": cancel_url,
    }
    session = ask(lambda api: api.v1.checkout.sessions.create(asked, {"idempotency_key": f"checkout-{key}"}))
    return Page(session["id"], session["url"] or "")


def page_still_open(session_id: str) -> Page | None:
    """Return a page if it can still be paid on. Raises NotConfigured, Unreachable."""
    session = ask(lambda api: api.v1.checkout.sessions.retrieve(session_id))
    return Page(session["id"], session["url"] or "") if session["status"] == "open" else None


def close_page(session_id: str) -> None:
    """Close a page, so that nobody pays twice; one that is closed already stays so."""
    try:
        ask(lambda api: api.v1.checkout.sessions.expire(session_id))
    except Unreachable:
        if page_still_open(session_id):
            raise


def fetch_provider_payment(
    *, session_id: str | None, intent_id: str | None, unattended: bool = False
) -> ProviderPayment:
    """Return all that the provider knows now of one attempt; `unattended`.

    A saved method, its holder not there.

    Raises NotConfigured, Unreachable.
    """
    session = ask(lambda api: api.v1.checkout.sessions.retrieve(session_id)) if session_id else None
    intent_id = intent_id or (session and id_of(session["payment_intent"])) or ""
    if not intent_id:
        assert session is not None, "an attempt has a page or an intent"
        state = EXPIRED if session["status"] == "expired" else OPEN
        return ProviderPayment(state, session["amount_total"] or 0, (session["currency"] or "").upper())
    wanted: Row = {"expand": ["latest_charge.balance_transaction"]}
    intent = ask(lambda api: api.v1.payment_intents.retrieve(intent_id, wanted))
    standing = _standing(intent, session, _refunds(intent_id), _contests(intent_id))
    return replace(standing, state=FAILED) if unattended and standing.state == OPEN else standing


def names_of(intent_id: str) -> dict[str, str]:
    """Return our own names of a payment or a setup, as we told them to the provider; empty if none.

    What our account doesn't know is another's: it has no name of ours.
    """
    try:
        if intent_id.startswith("seti_"):
            intent = ask(lambda api: api.v1.setup_intents.retrieve(intent_id))
        else:
            intent = ask(lambda api: api.v1.payment_intents.retrieve(intent_id))
    except Unknown:
        return {}
    return {str(key): str(value) for key, value in (intent["metadata"] or {}).items()}


def create_refund(*, key: str, intent_id: str, cents: int) -> ProviderRefund:
    """Return the refund made of a payment; asked twice with the same key it is made once.

    Raises NotConfigured, Unreachable.
    """
    asked: dict[str, Any] = {"payment_intent": intent_id, "amount": cents, "metadata": {"refund": key}}
    refund = ask(lambda api: api.v1.refunds.create(asked, {"idempotency_key": f"refund-{key}"}))
    return _given_back(refund)


def read_message(body: bytes, signature: str) -> Message:
    """Return what a message is about, once its signature over the raw body is verified.

    Raises BadSignature, BadMessage.
    """
    if not any(_is_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise BadSignature
    try:
        return _message(json.loads(body))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BadMessage from None


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        library().WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE_SECONDS)
    except (library().SignatureVerificationError, ValueError, LookupError, TypeError, AttributeError):
        return False
    return True


def _message(event: dict[str, Any]) -> Message:
    """Return what an event is about; one of another account is about nothing here."""
    about = event["data"]["object"]
    event_id = _name(event["id"])
    kind = _name(event["type"])
    if not event_id or not kind or len(event_id) > MAX_NAME:
        raise BadMessage
    key = _name(about.get("id"))
    sort = _name(about.get("object"))
    intent = about.get("payment_intent")
    intent_id = _name(intent.get("id") if isinstance(intent, dict) else intent)
    if event.get("account") or max(len(key), len(intent_id)) > MAX_NAME:
        return Message(event_id, kind, "", "")
    session_id = key if sort == "checkout.session" else ""
    is_intent = sort in {"payment_intent", "setup_intent"}
    return Message(event_id, kind, session_id, key if is_intent else intent_id)


def _name(found: Any) -> str:
    """Return a name of the provider's, "" for none. Raises BadMessage on what can't be one."""
    if found is None:
        return ""
    if not isinstance(found, str) or not found.isascii() or not found.isprintable():
        raise BadMessage
    return found


def _standing(
    intent: Row, session: Row | None, refunds: tuple[ProviderRefund, ...], contests: tuple[Chargeback, ...]
) -> ProviderPayment:
    charge = intent["latest_charge"]
    error = intent["last_payment_error"]
    details = charge["payment_method_details"] if charge else None
    name = (details and details.get("type")) or _type_of(error) or "card"
    paid_at = (
        datetime.fromtimestamp(charge["created"], UTC) if charge and intent["status"] == "succeeded" else None
    )
    return ProviderPayment(
        state=_state(intent["status"], session["status"] if session else "complete", bool(charge)),
        amount_cents=intent["amount_received"] or intent["amount"],
        currency=str(intent["currency"]).upper(),
        intent_id=intent["id"],
        method=NAMES.get(name, CARD),
        paid_at=paid_at,
        failure=str((error and error.get("code")) or ""),
        fee_cents=_fee(charge, intent["currency"]) if paid_at else None,
        refunds=refunds,
        contests=contests,
    )


def _fee(charge: Row | None, currency: str) -> int | None:
    """Return what the provider keeps of a charge, None where it doesn't say or in another currency."""
    found = charge.get("balance_transaction") if charge else None
    if not isinstance(found, dict) or found.get("currency") != currency:
        return None
    return int(found["fee"])


def _state(intent: str, session: str, was_charged: bool) -> str:
    if intent == "succeeded":
        return PAID
    if intent == "processing":
        return PROCESSING
    if session == "expired":
        return EXPIRED
    if intent == "canceled" or (session == "complete" and was_charged):
        return FAILED
    return OPEN


def _type_of(error: Any) -> str:
    method = error.get("payment_method") if error else None
    return str(method.get("type", "")) if method else ""


def _refunds(intent_id: str) -> tuple[ProviderRefund, ...]:
    rows = ask(lambda api: api.v1.refunds.list({"payment_intent": intent_id, "limit": 100}))
    return tuple(_given_back(row) for row in rows["data"])


def _given_back(row: Row) -> ProviderRefund:
    ours = (row["metadata"] or {}).get("refund", "")
    return ProviderRefund(
        row["id"], row["amount"], REFUND_STATES.get(row["status"] or "", "asked"), str(ours)
    )


def _contests(intent_id: str) -> tuple[Chargeback, ...]:
    rows = ask(lambda api: api.v1.disputes.list({"payment_intent": intent_id, "limit": 100}))
    return tuple(
        Chargeback(row["id"], CONTEST_STATES.get(row["status"], "open"), row["reason"], row["amount"])
        for row in rows["data"]
    )


def id_of(found: Any) -> str | None:
    """Return the name of what an object points to, whether it was expanded or not."""
    return found if isinstance(found, str) or found is None else str(found["id"])


def ask(question: Any) -> Row:
    """Return the provider's answer as plain rows. Raises NotConfigured, Unreachable, Unknown."""
    try:
        answer: Row = question(client(settings.STRIPE_API_KEY, settings.STRIPE_BASE)).to_dict()
    except library().StripeError as error:
        raise unreachable(error) from None
    return answer


def unreachable(error: Any) -> Unreachable:
    """Return why the provider didn't do what was asked, as an error of ours."""
    kind = Unknown if error.http_status == 404 or error.code == "resource_missing" else Unreachable
    return kind(f"{type(error).__name__}: {error.user_message or error.code or error.http_status}")


@lru_cache(maxsize=4)
def client(key: str, base: str) -> stripe.StripeClient:
    """Return the door to one account. Raises NotConfigured."""
    if not key:
        raise NotConfigured
    check_outgoing(PAYMENT)
    more: dict[str, Any] = {"base_addresses": {"api": base}} if base else {}
    client = library().RequestsClient(timeout=SECONDS)
    found: stripe.StripeClient = library().StripeClient(
        key, stripe_version=API_VERSION, max_network_retries=2, http_client=client, **more
    )
    return found


@cache
def library() -> Any:
    """Return Stripe's library, read when it is first needed: it takes longer than the rest of the start."""
    return import_module("stripe")
