"""After a restore: erase again everyone the ledger names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.actions import log_action
from contracts.registry import erases_again
from dpa.actions.erase_person import certify, erase_rows, remember
from dpa.actions.erase_tenant import erase_files
from dpa.models import Erasure
from dpa.policy.ledger import HOUSE, TENANT, Line
from dpa.queries.subjects import subjects_of
from exports.gateways import storage
from isolation.context import inside, inside_operator
from tenants.actions.change_state import erase_again
from tenants.models import Tenant
from tenants.queries import tenant_row

_TRACES = {"audit.PersonalPart"}


@dataclass(slots=True)
class Replay:
    """What a replay did."""

    lines: int = 0
    again: int = 0
    rows: int = 0
    unknown: int = 0


def replay_erasures(lines: Iterable[Line], *, now: datetime) -> Replay:
    """Return what was done: each line in its tenant, a transaction each.

    A second time there is nothing to do.

    A tenant the database doesn't know any more is counted as unknown. Run outside of any context.
    """
    done = Replay()
    for line in lines:
        done.lines += 1
        if not _is_there(line):
            done.unknown += 1
            continue
        rows = _erased_again(line, now)
        done.rows += rows
        done.again += bool(rows)
    return done


def _erased_again(line: Line, now: datetime) -> int:
    if line.tenant == HOUSE:
        return _house_again(line, now)
    return _tenant_again(line, now) if line.kind == TENANT else _again(line, now)


def _house_again(line: Line, now: datetime) -> int:
    """Return how many rows went of somebody the operator itself had forgotten."""
    erase = erases_again(line.kind)
    with inside_operator():
        return erase(line.subjects, now) if erase else 0


def _is_there(line: Line) -> bool:
    if line.tenant == HOUSE:
        return erases_again(line.kind) is not None
    with inside_operator():
        return Tenant.objects.filter(pk=line.tenant).exclude(state=Tenant.State.ERASED).exists()


def _tenant_again(line: Line, now: datetime) -> int:
    """Return 1 for a tenant that came back with a backup and is gone again, files and all."""
    with inside_operator():
        erase_again(tenant_id=line.tenant, now=now)
    erase_files(tenant_id=line.tenant)
    return 1


def _again(line: Line, now: datetime) -> int:
    with inside(line.tenant):
        subjects = subjects_of(line.subjects)
        counts, files = erase_rows(subjects, now=now, answered=line.answers)
        rows = sum(count for label, count in counts.items() if label not in _TRACES)
        deletion = _erasure(line)
        remember(deletion, subjects, on=tenant_row().today(line.erased_at))
        certify(deletion, counts=counts, files=len(files), now=line.erased_at)
        if rows:
            log_action(
                "deletion.replayed", by=None, on=deletion, at=now, facts={"rows": rows}, about=line.subjects
            )
    storage.delete(files)
    return rows


def _erasure(line: Line) -> Erasure:
    """Return the tenant's row of an erasure, made again when the backup is older than it."""
    deletion, _made = Erasure.objects.get_or_create(
        pk=line.deletion,
        defaults={
            "kind": line.kind,
            "origin": Erasure.Origin.CONTROLLER,
            "subjects": list(line.subjects),
            "requested_at": line.asked_at,
            "state": Erasure.State.ERASED,
        },
    )
    if deletion.state != Erasure.State.ERASED or deletion.erased_at is None:
        deletion.state = Erasure.State.ERASED
        deletion.erased_at = line.erased_at
        deletion.files = []
        deletion.save(update_fields=["state", "erased_at", "files"])
    return deletion
