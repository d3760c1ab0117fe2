"""What a notice for children says of this place: read from its contracts, never typed."""

from dataclasses import dataclass
from datetime import datetime

from contracts.registry import operator_name
from dpa.queries.breaches import is_ours
from dpa.queries.promises import retention_days
from tenants.queries import tenant_row

A_YEAR = 365


@dataclass(frozen=True, slots=True)
class ChildsNotice:
    """Who keeps it, what is kept, whether the family sees it, for how long after leaving."""

    name: str
    answers: str
    fields: frozenset[str]
    family_sees: bool
    has_scores: bool
    years: int
    days: int


def childs_notice(now: datetime) -> ChildsNotice:
    """Return what the notice of the tenant we are inside says today."""
    tenant = tenant_row()
    profiles = tenant.profiles(tenant.today(now))
    days = max(retention_days(profiles).values())
    fields = frozenset(field for profile in profiles for field in profile.fields.get("student", ()))
    return ChildsNotice(
        name=tenant.name,
        answers=operator_name() if is_ours(tenant, now) else tenant.name,
        fields=fields,
        family_sees=any(profile.guardians_see != "nothing" for profile in profiles),
        has_scores="results" in fields,
        years=days // A_YEAR,
        days=days,
    )
