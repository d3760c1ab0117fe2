"""Make a backup, and destroy those whose day has come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from agenda.actions import open_obligation
from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.gateways import backups, ledger
from dpa.policy.rotation import kept_until
from dpa.queries.promises import backups_kept_months
from isolation.context import inside_operator
from tenants.models import Tenant

CLAUSE = "LG-DCb"
BACKUPS = uuid5(NAMESPACE_URL, "preau:backups")


@keeps("LG-DCb")
def back_up(*, now: datetime) -> Path:
    """Return the folder of a new backup: the database, the files, and how far the ledger goes.

    The backups whose day has come are destroyed first, whatever becomes of this one. Run outside of any
    context. Raises ToolFailed, BackupBroken; BlockingIOError while another one is made.
    """
    with backups.locked():
        _destroy_due(now)
        with inside_operator():
            tenants = list(
                Tenant.objects.exclude(state__in=("opening", "erased")).values_list("pk", flat=True)
            )
        texts = ledger.texts()
        last = sha256(texts[-1].encode()).hexdigest() if texts else ""
        made = backups.write(tenants=tenants, ledger_lines=len(texts), ledger_last=last, now=now)
    size = sum(path.stat().st_size for path in made.iterdir())
    with inside_operator():
        facts = {"name": made.name, "size": size, "tenants": len(tenants)}
        log_action("backup.made", by=None, on=BACKUPS, at=now, facts=facts)
    return made


@keeps("LG-DCb", "LG-DBr")
def destroy_due_backups(*, now: datetime) -> list[str]:
    """Return the names of the backups destroyed because their day has come."""
    with backups.locked():
        return _destroy_due(now)


def _destroy_due(now: datetime) -> list[str]:
    gone = [path for path, day in due_days().items() if day <= now.date()]
    for path in gone:
        backups.destroy(path)
        with inside_operator():
            log_action("backup.destroyed", by=None, on=BACKUPS, at=now, facts={"name": path.name})
    return [path.name for path in gone]


def due_days() -> dict[Path, date]:
    """Return each backup with the day on which it is destroyed, the oldest first."""
    standing = backups.made()
    days = [day for day, _path in standing]
    months = backups_kept_months()
    return {path: kept_until(day, days[:rank], months=months) for rank, (day, path) in enumerate(standing)}


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup of the catalogue: its name, when it was made, how large, of how many tenants, until when."""

    name: str
    made_at: datetime
    size: int
    tenants: int
    kept_until: date


@keeps("LG-DCb")
def catalogue() -> list[BackupRow]:
    """Return the backups that stand, the newest first; none where they are made elsewhere."""
    if not settings.BACKUP_DIR:
        return []
    rows = []
    for path, day in due_days().items():
        told = backups.manifest_told(path)
        size = sum(each.stat().st_size for each in path.iterdir())
        at = datetime.fromisoformat(told.made_at)
        rows.append(BackupRow(path.name, at, size, len(told.tenants), day))
    return rows[::-1]


def schedule_backup(*, now: datetime) -> None:
    """Promise the next night's backup, at 2 in the morning universal time, made by 6."""
    _promise("nightly", now, hour=2)


def schedule_destruction(*, now: datetime) -> None:
    """Promise that the backups whose day has come are gone by the end of the night."""
    _promise("destroyed", now, hour=1)


def _promise(kind: str, now: datetime, *, hour: int) -> None:
    run_at = now.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    run_at += timedelta(days=1) if run_at <= now else timedelta(0)
    due_at = run_at.replace(hour=6)
    open_obligation(
        CLAUSE,
        kind=kind,
        subject=BACKUPS,
        occurrence=str(run_at.date()),
        run_at=run_at,
        due_at=due_at,
        now=now,
    )


def promise_backups(now: datetime) -> None:
    """Promise the backups of an installation that makes them itself; as often as wanted."""
    if settings.BACKUP_DIR:
        with inside_operator():
            schedule_backup(now=now)
            schedule_destruction(now=now)
