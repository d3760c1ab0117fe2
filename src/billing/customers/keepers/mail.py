"""How mails to contacts are made, and the mail with the portal's link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.registry import Filing, Mail, message
from billing.customers.gateways.portal_link import fresh_token_for, token_for
from billing.customers.models import Contact
from billing.money.gateways.seller import seller
from contracts.templatetags.ui import money_text
from tenants.queries import public_url

Ids = Mapping[str, str]

Attachments = Sequence[tuple[str, bytes, str]]

PDF = "application/pdf"

PUBLIC = "config.urls_public"


def mail_to(
    contact: Contact,
    *,
    to_page: str = "",
    token: str = "",
    attachments: Attachments = (),
    about: Iterable[Model] = (),
    **context: object,
) -> Mail:
    """Return a mail to a buyer, with the link that lets them into the portal, on a page of it.

    It is kept as it was sent with the customer's papers, and found again from all it speaks of: `about`, and
    what its words are given. Of a contact who was closed it goes to who speaks for the customer now, which
    may be nobody. The link shows what it is about; `token` makes it one that lets act.
    """
    contact = contact.reader
    token = token or token_for(contact)
    path = reverse("billing:portal_sign_in_link", args=[token], urlconf=PUBLIC)
    link = public_url(path) + (f"?next={quote(to_page)}" if to_page else "")
    details = {"contact": contact, "customer": contact.customer, "link": link, "seller": seller(), **context}
    filing = Filing(contact.customer_id, _spoken_of([*about, *context.values()]), secret=token)
    to = [] if contact.erased_at else [contact.email]
    return Mail(to, details, contact.language, tuple(attachments), filing)


def _spoken_of(values: Iterable[object]) -> list[UUID]:
    """Return what a mail is about; words that wait for its language are asked nothing, not even what they
    are.
    """
    rows = (each for each in values if issubclass(type(each), Model))
    return list(dict.fromkeys(each.pk for each in rows))  # type: ignore[attr-defined]  # rows of models


def amount_text(cents: int, currency: str) -> SimpleLazyObject[str]:
    """Return the amount as text, in the language the mail will be written in."""
    return SimpleLazyObject(lambda: money_text(cents, currency))


@message("billing/portal_link", template="billing/customers/mail/portal_link")
def portal_link(ids: Ids) -> Mail | None:
    """Return the mail with a link into the portal, asked for at its door."""
    rows = Contact.objects.speaking().filter(pk=ids["contact"]).exclude(fresh_link="")
    contact = rows.select_related("customer").filter(fresh_link=ids.get("link", "")).first()
    if contact is None:
        return None  # it was used, or another one was asked for since
    mail = mail_to(contact, to_page=ids.get("page", ""), token=fresh_token_for(contact))
    return replace(mail, filing=None)  # a key to the door, no paper
