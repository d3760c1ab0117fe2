"""Links that let a buyer into the portal: signed, dated, and dead as soon as the contact's are renewed."""

from uuid import UUID

from django.core import signing

from billing.customers.models import Contact
from isolation.policy.guards import guards

SALT = "billing.portal"

VALID_SECONDS = 30 * 24 * 3600


class BadLink(Exception):
    """Raised when a link was altered, is too old, or was replaced."""


def token_for(contact: Contact) -> str:
    """Return the token of a link for a contact; made when the mail is sent, never stored."""
    return signing.dumps([contact.id.hex, contact.link_version], salt=SALT, compress=True)


@guards("token")
def contact_of(token: str) -> Contact:
    """Return the contact a token lets in. Raises BadLink."""
    try:
        hex_id, version = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
        contact = Contact.objects.select_related("customer").get(pk=UUID(hex_id))
    except (signing.BadSignature, Contact.DoesNotExist, ValueError, TypeError):
        raise BadLink from None
    if contact.link_version != version:
        raise BadLink
    return contact
