"""What happens to all of it after the end of the contract."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from agenda.models import Obligation
from dpa.models import RetentionRule
from people.requests import TenantRequest
from tenants.models import Tenant
from tenants.policy.keeping import KEPT_DAYS

AFTER_END = "after_end"  # the rule that is about no category: all of it


@dataclass(frozen=True, slots=True)
class AfterEnd:
    """How long all is kept once the contract ends, by promise and by choice; after the end, until when."""

    promised_days: int
    chosen_days: int | None
    gone_on: date | None
    gone_by: datetime | None
    is_soon: bool


def days_chosen() -> int | None:
    """Return for how many days the controller keeps all of it after the end, None when it made no choice."""
    return RetentionRule.objects.filter(category=AFTER_END).values_list("days", flat=True).first()


def promised_after_end(tenant: Tenant, today: date) -> int:
    """Return for how many days all of it is kept after the end at most: the least any contract promises."""
    return min((profile.kept_after_end.nominal_days for profile in tenant.profiles(today)), default=KEPT_DAYS)


def after_end(tenant: Tenant, *, now: datetime) -> AfterEnd:
    """Return what the page about the end shows."""
    waiting = Obligation.objects.waiting().filter(subject_id=tenant.pk, kind="data-destroyed").first()
    promised = promised_after_end(tenant, tenant.today(now))
    return AfterEnd(
        promised,
        days_chosen(),
        tenant.today(waiting.run_at) if waiting else None,
        waiting.due_at if waiting else None,
        is_soon=waiting is not None and waiting.due_at - now <= timedelta(days=1),
    )


def end_panel(request: TenantRequest) -> dict[str, Any] | None:
    """Return until when all is kept, for the home of an administrator whose contract has ended.

    None before.
    """
    if request.tenant.state != Tenant.State.ENDED:
        return None
    return {"end": after_end(request.tenant, now=request.now)}
