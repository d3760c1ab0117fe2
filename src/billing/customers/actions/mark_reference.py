"""Mark a customer as a reference, on their word."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.customers.models import Reference
from billing.customers.policy.reference import check_reference
from contracts.policy.clauses import keeps
from tenants.models import Customer


@transaction.atomic
@keeps("LG-S26")
def mark_reference(
    *,
    customer_id: UUID,
    name: str,
    logo: bytes | None,
    agreed_on: date,
    word: str,
    by: Actor | None,
    now: datetime,
) -> Reference:
    """Return the customer's reference, marked or said anew: its name, its logo, since when and on whose word.

    Raises NotAReference for a consumer.
    """
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    check_reference(customer.customer_type)
    reference = Reference.objects.active().filter(customer=customer).first() or Reference(customer=customer)
    reference.replace(name=name, logo=logo, agreed_on=agreed_on, word=word, created_at=now)
    facts = {"since": str(agreed_on), "logo": bool(reference.logo)}
    log_action("reference.marked", by=by, on=customer, at=now, facts=facts, personal={"word": word})
    return reference
