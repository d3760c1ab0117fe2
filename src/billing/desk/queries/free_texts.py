"""Texts that staff typed about a customer: where somebody who speaks for it is named in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from billing.collections.models import Dispute, RegisteredLetter, Suspension
from billing.customers.models import Contact
from billing.customers.policy.forgetting import without_names
from billing.fulfilment.models import Delivery, Return
from billing.orders.models import Order, Refusal
from billing.payments.models import Refund
from billing.quotes.models import AdministratorDemand
from billing.returns.models import Withdrawal
from billing.subscriptions.models import ForceMajeure, Termination

#: Where such texts stand: the model, its fields, and by which ways it is a customer's.
SEARCHED: tuple[tuple[Any, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        Dispute,
        ("reason", "outcome"),
        ("invoice__customer", "claim__invoice__customer", "pro_forma__version__quote__customer"),
    ),
    (Suspension, ("reason",), ("customer",)),
    (RegisteredLetter, ("reason",), ("subscription__customer", "notice__invoice__customer")),
    (Order, ("cancel_reason",), ("customer",)),
    (Refusal, ("words",), ("contact__customer", "order__customer")),
    (Delivery, ("moved_words",), ("order__customer",)),
    (Return, ("problem", "proof", "words"), ("order__customer",)),
    (Withdrawal, ("proof", "reason"), ("order__customer",)),
    (Refund, ("reason",), ("payment__customer",)),
    (Termination, ("reason",), ("subscription__customer",)),
    (AdministratorDemand, ("document",), ("contact__customer",)),
    (ForceMajeure, ("reason",), ("subscription__customer",)),
)


@dataclass(frozen=True, slots=True)
class NamingText:
    """A text that names a contact: its row, its field, and what it says without them."""

    row: Any
    field: str
    without: str


def texts_naming(contact: Contact) -> Iterator[NamingText]:
    """Yield the texts about a contact's customer that name the contact, documents the law keeps left out."""
    names = contact.first_name, contact.last_name, contact.email
    for model, fields, ways in SEARCHED:
        mine = Q()
        for way in ways:
            mine |= Q(**{way: contact.customer_id})
        for row in model.objects.filter(mine):
            for field in fields:
                text = getattr(row, field)
                said = without_names(text, *names)
                if said != text:
                    yield NamingText(row, field, said)
