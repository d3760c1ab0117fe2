"""Close a contact who speaks for a customer no more, or open one again."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.customers.models import Contact
from isolation.policy.guards import guards
from tenants.models import Customer


class LastContact(Exception):
    """Raised when nobody else speaks for the customer: what is sent to it would reach nobody."""


@transaction.atomic
@guards("token")
def close_contact(*, contact: Contact, by: Actor, now: datetime) -> Contact:
    """Return the contact, closed: their links and their sessions are dead, their mails go to who is left.

    Raises LastContact.
    """
    Customer.objects.select_for_update().get(pk=contact.customer_id)  # two at once would leave nobody
    contact.refresh_from_db()
    others = contact.customer.contacts.speaking().exclude(pk=contact.pk)
    if not others.exists():
        raise LastContact
    if contact.closed_at is None:
        contact.close(at=now)
        log_action("contact.closed", by=by, on=contact.customer, at=now, facts={"contact": str(contact.pk)})
    return contact


@transaction.atomic
def reopen_contact(*, contact: Contact, by: Actor, now: datetime) -> Contact:
    """Return the contact, who speaks for the customer again; not one who was erased."""
    if contact.closed_at is not None and contact.erased_at is None:
        contact.reopen()
        log_action("contact.reopened", by=by, on=contact.customer, at=now, facts={"contact": str(contact.pk)})
    return contact
