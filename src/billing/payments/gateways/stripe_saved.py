"""Saved payment methods at Stripe: the page on which one is left, charges without its holder, and its
removal.

Of a method we learn its name there and whether it is a card or an account to debit; never its digits
(LG-S6.2k).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from billing.payments.gateways.stripe_checkout import (
    NAMES,
    TYPES,
    Page,
    Unreachable,
    ask,
    client,
    id_of,
    library,
    unreachable,
)
from billing.payments.policy.online import CARD, EXPIRED, FAILED, OPEN, SAVED


@dataclass(frozen=True, slots=True)
class SetupResult:
    """What came of a page on which a method can be left: "open", "saved", "failed" or "expired"."""

    state: str
    setup_id: str
    customer_id: str = ""
    method_id: str = ""
    kind: str = CARD


def open_setup_page(
    *,
    key: str,
    label: str,
    methods: tuple[str, ...],
    customer_id: str,
    email: str,
    language: str,
    back_url: str,
    cancel_url: str,
) -> Page:
    """Return the provider's page on which a method is left and nothing is charged; the same for the same key.

    `customer_id` is the provider's name of a client it knows, "" for a new one. Raises NotConfigured,
    Unreachable.
    """
    whose = (
        {"customer": customer_id} if customer_id else {"customer_creation": "always", "customer_email": email}
    )
    names = {"setup": key}
    asked: dict[str, Any] = {
        "mode": "setup",
        "client_reference_id": key,
        "locale": language,
        **whose,
        "allowed_payment_method_types": [TYPES[method] for method in methods],
        "metadata": names,
        "setup_intent_data": {"metadata": names, "description": label},
        "success_url": back_url,
        "cancel_url": cancel_url,
    }
    session = ask(lambda api: api.v1.checkout.sessions.create(asked, {"idempotency_key": f"setup-{key}"}))
    return Page(session["id"], session["url"] or "")


def fetch_setup_result(session_id: str) -> SetupResult:
    """Return what came of a page now. Raises NotConfigured, Unreachable."""
    session = ask(lambda api: api.v1.checkout.sessions.retrieve(session_id))
    setup_id = id_of(session["setup_intent"]) or ""
    ended = EXPIRED if session["status"] == "expired" else OPEN
    if not setup_id:
        return SetupResult(ended, "")
    setup = ask(lambda api: api.v1.setup_intents.retrieve(setup_id, {"expand": ["payment_method"]}))
    method = setup["payment_method"]
    if setup["status"] != "succeeded" or not method:
        return SetupResult(FAILED if setup["status"] == "canceled" else ended, setup_id)
    customer_id = id_of(setup["customer"]) or id_of(session["customer"]) or ""
    return SetupResult(SAVED, setup_id, customer_id, method["id"], NAMES.get(method["type"], CARD))


def charge_saved(
    *,
    key: str,
    customer_id: str,
    method_id: str,
    cents: int,
    currency: str,
    names: dict[str, str],
    label: str,
    back_url: str,
) -> str:
    """Return the name of the payment made of a saved method, refused or not; the same for the same key.

    Returns "" when the provider knows the method no more. Raises NotConfigured, Unreachable.
    """
    asked: dict[str, Any] = {
        "amount": cents,
        "currency": currency.lower(),
        "customer": customer_id,
        "payment_method": method_id,
        "off_session": True,
        "confirm": True,
        "return_url": back_url,
        "description": label,
        "metadata": {"checkout": key, **names},
    }
    try:
        found = client(settings.STRIPE_API_KEY, settings.STRIPE_BASE).v1.payment_intents.create(
            asked,  # type: ignore[arg-type]
            {"idempotency_key": f"charge-{key}"},
        )
    except library().CardError as error:
        return str(error.json_body["error"]["payment_intent"]["id"])
    except library().InvalidRequestError:
        return ""
    except library().StripeError as error:
        raise unreachable(error) from None
    return str(found.id)


def detach(method_id: str) -> None:
    """Have the provider forget a method; one that is forgotten already stays so.

    Raises NotConfigured, Unreachable.
    """
    try:
        ask(lambda api: api.v1.payment_methods.detach(method_id))
    except Unreachable:
        if ask(lambda api: api.v1.payment_methods.retrieve(method_id))["customer"] is not None:
            raise
