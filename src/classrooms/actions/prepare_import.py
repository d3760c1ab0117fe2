"""Read an upload into an import that waits for a person's word."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from agenda.actions import instant, open_obligation
from audit.actions import log_action
from classrooms.models import ImportBatch
from classrooms.policy.guardians import GuardiansFile, read_guardians
from classrooms.policy.onde import StudentsFile, read_students
from classrooms.policy.waiting import rows_kept_until
from classrooms.queries.annex import allowed_fields
from classrooms.queries.imports import packed
from people.models import Person
from tenants.models import Tenant

NO_GUARDIANS = GuardiansFile((), (), (), ())


@dataclass(frozen=True, slots=True)
class Upload:
    """The files a person dropped."""

    pupils: bytes
    guardians: bytes | None = None
    pupils_name: str = ""
    guardians_name: str = ""


def read_upload(upload: Upload, *, tenant: Tenant, today: date) -> tuple[StudentsFile, GuardiansFile]:
    """Return the rows of an upload, without the columns the tenant's annex doesn't allow."""
    allowed = allowed_fields(tenant, today)
    pupils = read_students(upload.pupils, allowed=allowed["student"], today=today)
    if upload.guardians is None:
        return pupils, NO_GUARDIANS
    guardians = read_guardians(upload.guardians, allowed=allowed["guardian"], is_address=is_address)
    return pupils, guardians


def is_address(text: str) -> bool:
    """Return whether a form would take this e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def columns_of(pupils: StudentsFile, guardians: GuardiansFile) -> tuple[list[str], list[str]]:
    """Return the columns of both files that the annex doesn't allow, and those nobody knows."""
    dropped = (*pupils.dropped, *guardians.dropped)
    ignored = (*pupils.ignored, *guardians.ignored)
    return list(dict.fromkeys(dropped)), list(dict.fromkeys(ignored))


def unsaved_batch(
    upload: Upload, *, tenant: Tenant, by: Person | None, now: datetime, today: date
) -> ImportBatch:
    """Return an upload as a batch that isn't stored: the files themselves never are."""
    pupils, guardians = read_upload(upload, tenant=tenant, today=today)
    return ImportBatch(
        created_by=by,
        created_at=now,
        pupils_name=upload.pupils_name[:200],
        guardians_name=upload.guardians_name[:200],
        rows=[[*row[:3], row.birth_on.isoformat(), *row[4:]] for row in pupils.rows],
        guardian_rows=guardians.rows,
        refused=packed((*pupils.refused, *guardians.refused)),
        dropped=columns_of(pupils, guardians)[0],
        ignored=columns_of(pupils, guardians)[1],
    )


@transaction.atomic
def prepare_import(upload: Upload, *, tenant: Tenant, by: Person, now: datetime, today: date) -> ImportBatch:
    """Return the import to be confirmed; what it would do is worked out each time it is looked at.

    Nobody's word within a week: its rows go (keeper "import-forgotten").
    """
    batch = unsaved_batch(upload, tenant=tenant, by=by, now=now, today=today)
    batch.save(force_insert=True)
    log_action(
        "import.prepared",
        by=by,
        on=batch,
        at=now,
        facts={"rows": len(batch.rows), "refused": len(batch.refused)},
    )
    due = rows_kept_until(now)
    open_obligation("LG-DBs", kind="import-forgotten", subject=batch.pk, **instant(due), now=now)
    return batch
