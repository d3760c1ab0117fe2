"""What the tests of billing's pages share."""

from secrets import token_hex
from typing import Any

from django.test import Client
from django.urls import reverse

from billing.customers.gateways.portal_link import fresh_token_for
from billing.models import Contact
from billing.payments.queries.money import credits_of
from demo.factories.people import person_with
from isolation.context import inside_operator

PUBLIC = "config.urls_public"


def url(name: str, *args: Any) -> str:
    """Return the address of a page of billing on the public host."""
    return reverse(f"billing:{name}", args=args, urlconf=PUBLIC)


def clerk(browse: Any, now: Any, role: str = "finance") -> Client:
    """Return a browser signed in as somebody of the operator's house."""
    with inside_operator():
        person = person_with(role, now=now, username=f"maud-{role}", email=f"maud-{role}@preau.example")
    return browse(None, person)  # type: ignore[no-any-return]


def buyer(browse: Any, contact: Contact) -> Client:
    """Return a browser that came in by a link that was asked for: whoever has it may sign, pay and change."""
    client: Client = browse(None)
    with inside_operator():
        contact.name_fresh_link(token_hex(8), at=contact.created_at)
    answer = client.post(url("portal_sign_in_link", fresh_token_for(contact)))
    assert answer.status_code == 302
    return client


def rows_of(queryset: Any) -> list[Any]:
    """Return rows read as the operator."""
    with inside_operator():
        return list(queryset.all())


def credit_balance(customer_id, currency="EUR"):
    """Return what we hold of a client's money that pays nothing, in cents."""
    return sum(row.free_cents for row in credits_of(customer_id) if row.currency == currency)
