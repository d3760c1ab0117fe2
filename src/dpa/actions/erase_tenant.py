"""What the privacy centre does before a tenant is dropped.

The ledger's line, the evidence, and the files to come.
"""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings

from agenda.actions import open_obligation
from audit.actions import log_action
from dpa.gateways import ledger
from dpa.models import AnnexVersion, ErasureEvidence
from dpa.policy.annexes import annexes_kept_until
from dpa.policy.erasure import forgotten_by_backups_on
from dpa.policy.ledger import TENANT, Line
from dpa.queries.data_inventory import held_by_category
from dpa.queries.promises import backup_months
from exports.gateways import storage
from isolation.context import inside
from tenants.models import Tenant

CLAUSE = "LG-S21.2"
ANNEXES_CLAUSE = "LG-D4"
ANNEXES = "annexes-forgotten"
FILES = "files-destroyed"
WITHIN = timedelta(hours=24)


def record_tenant_erasure(tenant: Tenant, now: datetime) -> None:
    """Write that a whole tenant goes: in the ledger, on disk before the commit, and as evidence.

    Promise its files' end.

    As the operator, in the transaction that drops it. Killed anywhere, it is begun again and nothing is
    written twice.
    """
    with inside(tenant):
        counts = {category: rows for category, rows in held_by_category() if rows}
    asked_at = tenant.ended_at or now
    ledger.append(
        Line(
            deletion=erasure_of(tenant.pk),
            tenant=tenant.pk,
            kind=TENANT,
            subjects=(),
            asked_at=asked_at,
            erased_at=now,
        )
    )
    configured = settings.BACKUPS_CONFIGURED
    today = tenant.today(now)
    evidence = ErasureEvidence(
        deletion_id=erasure_of(tenant.pk),
        tenant_id=tenant.pk,
        kind=TENANT,
        origin="retention",
        counts=counts,
        requested_at=asked_at,
        due_at=now,
        erased_at=now,
        backups_configured=configured,
        forgotten_on=forgotten_by_backups_on(
            erased_on=today, months=backup_months(tenant.profiles(today)), configured=configured
        ),
    )
    ErasureEvidence.objects.bulk_create([evidence], ignore_conflicts=True)
    open_obligation(
        CLAUSE,
        kind=FILES,
        subject=tenant.pk,
        run_at=now,
        due_at=now + WITHIN,
        now=now,
        occurrence=now.isoformat(),
        tenant_id=tenant.pk,
    )
    if AnnexVersion.objects.of(tenant.pk).exists():
        _promise_end_of_annexes(tenant, now)


def _promise_end_of_annexes(tenant: Tenant, now: datetime) -> None:
    """Promise that the annexes a tenant accepted go once nobody may have to prove them any more."""
    until = annexes_kept_until(tenant.today(now))
    run_at = datetime.combine(until, time.min, ZoneInfo(tenant.timezone))
    open_obligation(
        ANNEXES_CLAUSE,
        kind=ANNEXES,
        subject=tenant.pk,
        run_at=run_at,
        due_at=run_at + timedelta(days=1),
        now=now,
        tenant_id=tenant.pk,
    )


def forget_annexes(*, tenant_id: UUID, now: datetime) -> int:
    """Return how many accepted annexes of a tenant that is gone were deleted."""
    count, _each = AnnexVersion.objects.of(tenant_id).delete()
    log_action("annex.forgotten", by=None, on=tenant_id, at=now, facts={"count": count})
    return count


def erase_files(*, tenant_id: UUID) -> int:
    """Return how many files of a tenant that is gone were deleted.

    Photos, exports, whatever lay under its name.
    """
    return storage.delete_folder(str(tenant_id))


def erasure_of(tenant_id: UUID) -> UUID:
    """Return the number under which the erasure of a whole tenant stands in the ledger and in its
    evidence.
    """
    return uuid5(tenant_id, "erased")
