"""Keep who the customers are, and who speaks for them."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.customers.models import Contact
from tenants.models import Customer


@transaction.atomic
def save_customer(*, customer: Customer, by: Actor | None, now: datetime) -> Customer:
    """Return the customer, kept with the values it was given; documents issued before keep the old ones."""
    is_new = customer.created_at is None
    customer.created_at = customer.created_at or now
    customer.save()
    log_action(
        f"customer.{'created' if is_new else 'changed'}",
        by=by,
        on=customer,
        at=now,
        facts={"client": customer.customer_type},
    )
    return customer


@transaction.atomic
def save_contact(*, contact: Contact, customer: Customer, by: Actor | None, now: datetime) -> Contact:
    """Return the contact, kept for its customer."""
    contact.customer = customer
    contact.created_at = contact.created_at or now
    contact.email = contact.email.strip().lower()
    contact.save()
    log_action(
        "contact.kept", by=by, on=customer, at=now, personal={"email": contact.email}, about=[contact.id]
    )
    return contact


@transaction.atomic
def save_signatory(*, customer: Customer, job_title: str, by: Actor, now: datetime) -> Contact | None:
    """Return the contact who signs for a customer, made of the signatory written on it; None where none is.

    They are reached at the customer's address; whoever had that address before is no longer called what they
    were.
    """
    names = customer.signatory.split(maxsplit=1)
    if not names:
        return None
    contact = Contact.objects.filter(customer=customer, email__iexact=customer.email).first()
    contact = contact or Contact(email=customer.email, language=customer.language)
    contact.first_name, contact.last_name = (names[0], names[1]) if len(names) > 1 else ("", names[0])
    contact.job_title = job_title or contact.job_title
    return save_contact(contact=contact, customer=customer, by=by, now=now)
