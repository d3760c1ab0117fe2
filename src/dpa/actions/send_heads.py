"""Send the signed head of a tenant's audit trail every month: who holds it is its witness."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import anchor_head
from contracts.policy.clauses import keeps
from tenants.models import Tenant

CLAUSE = "LG-DCl"
KIND = "heads-sent"
HOUR = 6
WITHIN = timedelta(days=1)


def owe_heads(tenant: Tenant, now: datetime) -> None:
    """Owe the next head, on the first of the coming month at 6 in the tenant's time zone; once a month."""
    zone = ZoneInfo(tenant.timezone)
    first = _next_month(now.astimezone(zone).date())
    run_at = datetime.combine(first, time(HOUR), tzinfo=zone)
    open_obligation(
        CLAUSE,
        kind=KIND,
        subject=tenant.pk,
        occurrence=f"{first:%Y-%m}",
        run_at=run_at,
        due_at=run_at + WITHIN,
        now=now,
        tenant_id=tenant.pk,
    )


@keeps("LG-DCl")
def send_heads(*, tenant_id: Any, month: str, now: datetime) -> str:
    """Return the key of the mail that brings the head, signed now, to who decides on deletions.

    Raises Departs where the trail isn't the one signed before: nothing is sent that would bless it.
    """
    anchor_head(now=now)
    key = f"heads-{tenant_id}-{month}"
    enqueue_message("dpa/heads", ids={"month": month}, now=now, key=key)
    wake_worker()
    return key


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
