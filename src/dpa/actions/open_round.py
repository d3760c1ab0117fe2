"""Promise a new tenant its daily round of retention."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agenda.actions import open_obligation
from tenants.models import Tenant

CLAUSE = "LG-D5"
KIND = "retention"
HOUR = 3


def open_round(tenant: Tenant, now: datetime) -> None:
    """Owe the first round for the coming night, at 3 in the tenant's time zone."""
    local = now.astimezone(ZoneInfo(tenant.timezone)) + timedelta(days=1)
    next_round(tenant.pk, local.replace(hour=HOUR, minute=0, second=0, microsecond=0), now)


def next_round(tenant_id: Any, run_at: datetime, now: datetime) -> None:
    """Owe one round, once per day."""
    day = run_at.date().isoformat()
    due_at = run_at + timedelta(days=1)
    open_obligation(
        CLAUSE,
        kind=KIND,
        subject=tenant_id,
        occurrence=day,
        run_at=run_at,
        due_at=due_at,
        now=now,
        tenant_id=tenant_id,
    )
