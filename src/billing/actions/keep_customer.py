"""Keep who the customers are, and who speaks for them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.actions import write
from billing.models import Contact
from tenants.models import Customer


@transaction.atomic
def keep_customer(*, customer: Customer, by: Any, now: datetime) -> Customer:
    """Return the customer, kept with the values it was given; documents issued before keep the old ones."""
    is_new = customer.created_at is None
    customer.created_at = customer.created_at or now
    customer.save()
    write(
        f"customer.{'created' if is_new else 'changed'}", by=by, on=customer, at=now, facts={"client": customer.client}
    )
    return customer


@transaction.atomic
def keep_contact(*, contact: Contact, customer: Customer, by: Any, now: datetime) -> Contact:
    """Return the contact, kept for its customer."""
    contact.customer, contact.created_at = customer, contact.created_at or now
    contact.email = contact.email.strip().lower()
    contact.save()
    write("contact.kept", by=by, on=customer, at=now, personal={"email": contact.email}, about=[contact.id])
    return contact
