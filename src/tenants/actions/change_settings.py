"""Change what an administrator sets for their whole tenant."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from isolation.context import inside_operator
from tenants.models import Tenant


@transaction.atomic
def change_settings(
    *, tenant: Tenant, name: str, language: str, lock_after_minutes: int, by: Actor, now: datetime
) -> list[str]:
    """Return the names of what was changed of a tenant, audited inside it, where this is called.

    `lock_after_minutes`: after how many minutes without activity a session here is locked.
    """
    wanted = {"name": name, "language": language, "lock_after_minutes": lock_after_minutes}
    with inside_operator():
        row = Tenant.objects.select_for_update().get(pk=tenant.pk)
        changed = [field for field, value in wanted.items() if getattr(row, field) != value]
        for field in changed:
            setattr(row, field, wanted[field])
        if changed:
            row.save(update_fields=changed)
    if changed:
        log_action(
            "tenant.settings_changed",
            by=by,
            on=tenant.pk,
            at=now,
            facts={field: wanted[field] for field in changed},
        )
    return changed
