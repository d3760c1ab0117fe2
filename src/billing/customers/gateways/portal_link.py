"""Links that let a buyer into the portal: signed, dated, and dead as soon as the contact's are renewed.

The link of a business mail shows documents for thirty days. One that was asked for lets its contact act:
sign, pay, change. It serves once, within a quarter of an hour.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing

from billing.customers.models import Contact
from isolation.policy.guards import guards

SALT = "billing.portal"

FRESH_SALT = "billing.portal.fresh"

VALID_SECONDS = 30 * 24 * 3600

FRESH_SECONDS = 15 * 60


class BadLink(Exception):
    """Raised when a link was altered or replaced; `contact` is whose it was where it has served its time."""

    def __init__(self, contact: Contact | None = None) -> None:
        super().__init__()
        self.contact = contact


@dataclass(frozen=True, slots=True)
class Entry:
    """Whom a link lets in, and whether they may act there and not only read."""

    contact: Contact
    may_act: bool


def token_for(contact: Contact) -> str:
    """Return the token of a link that shows documents; made when the mail is sent, never stored."""
    return signing.dumps([contact.id.hex, contact.link_version], salt=SALT, compress=True)


def fresh_token_for(contact: Contact) -> str:
    """Return the token of the one link that lets a contact act, as it was named last."""
    said = [contact.id.hex, contact.link_version, contact.fresh_link]
    return signing.dumps(said, salt=FRESH_SALT, compress=True)


@guards("token")
def entry_of(token: str) -> Entry:
    """Return whom a token lets in. Raises BadLink."""
    for salt, seconds, count in ((SALT, VALID_SECONDS, 2), (FRESH_SALT, FRESH_SECONDS, 3)):
        try:
            said: Any = signing.loads(token, salt=salt)
        except signing.BadSignature:
            continue
        contact = _contact(said, count)
        if not _is_young(token, salt, seconds):
            raise BadLink(contact)
        if salt == FRESH_SALT and (not said[2] or said[2] != contact.fresh_link):
            raise BadLink(contact)
        return Entry(contact, salt == FRESH_SALT)
    raise BadLink


def use(entry: Entry) -> bool:
    """Return whether a link still lets in: one that lets act does so once, whoever comes at the same time."""
    if not entry.may_act:
        return True
    rows = Contact.objects.filter(pk=entry.contact.pk, fresh_link=entry.contact.fresh_link)
    return bool(entry.contact.fresh_link) and rows.update(fresh_link="") == 1


@guards("token")
def _contact(said: Any, count: int) -> Contact:
    """Return whom a signed word names. Raises BadLink."""
    try:
        key, version = UUID(said[0]), said[1]
        contact = Contact.objects.speaking().select_related("customer").get(pk=key)
    except (Contact.DoesNotExist, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise BadLink from None
    if len(said) != count or contact.link_version != version:
        raise BadLink
    return contact


def _is_young(token: str, salt: str, seconds: int) -> bool:
    try:
        signing.loads(token, salt=salt, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True
