"""Destroy what is left of a tenant when it has been kept as long as was promised."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contracts.policy.clauses import keeps
from tenants.actions.change_state import change_state
from tenants.actions.keep_after_end import note_erasure_settled
from tenants.models import Tenant

REASON = "kept as long as promised"


@transaction.atomic
@keeps("LG-S21.2", "MC-3")
def destroy_after_end(*, tenant_id: UUID, now: datetime) -> bool:
    """Return whether an ended tenant was destroyed: schema, role, addresses and all rows, in one transaction.

    One that was opened again meanwhile stays. As the operator.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
    if tenant.state != Tenant.State.ENDED:
        return False
    change_state(tenant_id=tenant.pk, state=Tenant.State.ERASED, reason=REASON, now=now)
    note_erasure_settled(tenant, now=now)
    return True
