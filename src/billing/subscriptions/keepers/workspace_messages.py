"""The messages that a tenant ended by hand, or is deleted on its controller's word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agenda.registry import Mail, message
from billing.customers.keepers.mail import mail_to
from billing.customers.models import Contact
from billing.subscriptions.policy.by_hand import CLIENT_ASKED
from tenants.actions.keep_after_end import waiting_for
from tenants.models import Tenant

Ids = Mapping[str, str]


@message("billing/tenant_ended", template="billing/subscriptions/mail/tenant_ended")
def tenant_ended(ids: Ids) -> Mail | None:
    """Return the mail that says a tenant has ended, on what ground, and until when all is kept."""
    promise = waiting_for(ids["tenant"]).first()
    goes_on = promise.run_at if promise else None
    return _about(ids, asked=ids["ground"] == CLIENT_ASKED, goes_on=goes_on)


@message("billing/tenant_deletion", template="billing/subscriptions/mail/tenant_deletion")
def tenant_deletion(ids: Ids) -> Mail | None:
    """Return the mail that says what is left of a tenant goes now, and how to take that back."""
    return _about(ids, due_at=datetime.fromisoformat(ids["due_at"]))


def _about(ids: Ids, **more: Any) -> Mail | None:
    contacts = Contact.objects.filter(customer_id=ids["customer"]).select_related("customer")
    contact = contacts.order_by("created_at").first()
    tenant = Tenant.objects.filter(pk=ids["tenant"], state=Tenant.State.ENDED).first()
    return mail_to(contact, tenant=tenant, **more) if contact and tenant else None
