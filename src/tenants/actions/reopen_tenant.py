"""Open again what a contract had opened, while its data is still kept."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tenants.actions.change_circle import change_access
from tenants.models import Contract, Place, Tenant
from tenants.queries import place_of


class GoneForGood(Exception):
    """Raised when nothing is left to open again: it was never opened, or its data has been destroyed."""


@transaction.atomic
def reopen_tenant(*, contract: Contract, now: datetime, by: Any = None) -> Place:
    """Return the tenant a contract opened, or its circle of a shared one, open again with all it held.

    What was promised about its destruction is taken back. One that never ended stays as it is, suspended or open. As
    the operator. Raises GoneForGood.
    Clause: LG-S21.2
    """
    place = place_of(contract)
    if place is not None:
        place.refresh_from_db()  # whoever asks may have read it before it was destroyed
    if place is None or place.state == Tenant.State.ERASED:
        raise GoneForGood(contract.pk)
    if place.state == Tenant.State.ENDED:
        change_access(place=place, state=Tenant.State.OPEN, reason="", now=now, by=by)
        place.refresh_from_db()
    return place
