"""What the agenda asks of the classroom."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agenda.registry import Kept, Mail, Outcome, keeper, kept_or_moot, message
from classrooms.actions.apply_import import apply_import
from classrooms.actions.forget_import import forget_import
from classrooms.queries.family import shared_notice
from tenants.queries import tenant_row, tenant_url


@keeper("LG-U3.1o", kind="import", where="tenant")
def keep_import(obligation: Any, *, now: datetime) -> Outcome:
    """Apply a confirmed import; killed in the middle, nothing was done and it starts again."""
    tenant = tenant_row()
    batch = apply_import(batch_id=obligation.subject_id, tenant=tenant, now=now, today=tenant.today(now))
    return Kept(batch=str(batch.pk), state=batch.state, **batch.counts)


@keeper("LG-DBs", kind="import-forgotten", where="tenant")
def keep_import_forgotten(obligation: Any, *, now: datetime) -> Outcome:
    """Forget the rows of an upload nobody confirmed."""
    rows = forget_import(batch_id=obligation.subject_id, now=now)
    return kept_or_moot(rows, "confirmed or given up", rows=rows)


@message("classrooms/observation_shared")
def guardian_is_told(ids: Mapping[str, str]) -> Mail | None:
    """Tell a guardian that something new can be read.

    The child's first name and a link, nothing of what it says.

    Moot when it is no longer shared, was erased, or the guardian looks after none of its pupils any more.
    """
    tenant = tenant_row()
    notice = shared_notice(observation_id=ids["observation"], guardian_id=ids["guardian"], tenant=tenant)
    if notice is None:
        return None
    link = tenant_url(tenant, notice.path)
    context = {"children": notice.children, "school": tenant.name, "link": link}
    return Mail(to=[notice.email], context=context, language=notice.language)
