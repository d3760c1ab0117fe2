"""Take a reference back: from that day on nobody is named."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.customers.models import Reference


@transaction.atomic
def revoke_reference(*, customer_id: UUID, by: Actor, now: datetime, today: date) -> bool:
    """Return whether the customer was a reference; from today on their name and logo are shown nowhere."""
    reference = Reference.objects.active().select_for_update().filter(customer_id=customer_id).first()
    if reference is None:
        return False
    reference.revoke(on=today)
    log_action("reference.revoked", by=by, on=customer_id, at=now)
    return True
