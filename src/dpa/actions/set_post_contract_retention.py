"""What the controller decides about the end: how long all is kept after it, or that it goes now."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from contracts.policy.clauses import keeps
from contracts.policy.profiles import KeptPeriod
from dpa.actions.set_retention import set_retention
from dpa.queries.after_end import AFTER_END, days_chosen, promised_after_end
from people.models import Person
from tenants.actions.keep_after_end import (
    note_erasure_settled,
    schedule_tenant_erasure,
    schedule_tenant_erasure_now,
)
from tenants.models import Tenant
from tenants.policy.keeping import erased_on


class NotEnded(Exception):
    """Raised when all of a tenant would be deleted while a contract runs, or once there is nothing to
    keep.
    """


@transaction.atomic
@keeps("LG-S21.2", "LG-D6e")
def set_post_contract_retention(
    *, tenant: Tenant, days: int | None, promised_days: int, by: Person, now: datetime
) -> None:
    """Keep how many days after the end all of it goes, None for what was promised.

    It counts at once when it has ended.

    Raises LongerThanPromised.
    """
    set_retention(category=AFTER_END, days=days, promised_days=promised_days, by=by, now=now)
    if tenant.state == Tenant.State.ENDED:
        schedule_tenant_erasure(tenant, now=now)
        note_erasure_settled(tenant, now=now)


@transaction.atomic
@keeps("LG-S21.2")
def delete_everything(*, tenant: Tenant, by: Person, now: datetime) -> datetime:
    """Return by when everything is gone: within 24 hours, on the controller's word. Raises NotEnded."""
    if tenant.state != Tenant.State.ENDED:
        raise NotEnded(tenant.state)
    promise = schedule_tenant_erasure_now(tenant, now=now)
    log_action("end.asked_now", by=by, on=tenant.pk, at=now, facts={"due_at": promise.due_at.isoformat()})
    return promise.due_at


@transaction.atomic
def cancel_early_erasure(*, tenant: Tenant, by: Person, now: datetime) -> datetime:
    """Return until when everything is kept after all. Raises NotEnded.

    A shorter time that is over already is taken back with it: what the contract promises counts again.
    """
    if tenant.state != Tenant.State.ENDED:
        raise NotEnded(tenant.state)
    chosen = days_chosen()
    today = tenant.today(now)
    if (
        chosen is not None
        and erased_on(ended_on=tenant.today(tenant.ended_at or now), kept=[KeptPeriod(days=chosen)]) <= today
    ):
        set_retention(
            category=AFTER_END, days=None, promised_days=promised_after_end(tenant, today), by=by, now=now
        )
    promise = schedule_tenant_erasure(tenant, now=now)
    note_erasure_settled(tenant, now=now)
    log_action("end.taken_back", by=by, on=tenant.pk, at=now)
    return promise.run_at
