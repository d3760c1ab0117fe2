"""Take a deletion back while it can be."""

from datetime import datetime

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from classrooms.actions.hide_students import show_students
from dpa.actions.request_erasure import CLAUSE
from dpa.models import Erasure
from people.actions.deactivate_person import reactivate_person
from people.models import Person
from tenants.queries import tenant_row


class TooLate(Exception):
    """Raised when the time to undo is over, or there is nothing to undo any more."""


@transaction.atomic
def undo_erasure(*, deletion: Erasure, by: Person | None, now: datetime) -> Erasure:
    """Return the deletion, undone: who could sign in can again, unless somebody closed their account
    meanwhile.

    Raises TooLate; LicencesUsedUp where the licence of a pupil was given to another meanwhile.
    """
    row = Erasure.objects.select_for_update().filter(pk=deletion.pk).first()
    if row is None or not row.can_be_undone(now):
        raise TooLate
    tenant = tenant_row()
    show_students(student_ids=row.subjects, tenant=tenant, now=now, today=tenant.today(now))
    for person in Person.objects.filter(pk__in=row.closed_accounts, closed_for=row.pk):
        reactivate_person(person=person, by=None, now=now, closed_for=row.pk)
    row.state = Erasure.State.UNDONE
    row.undone_at = now
    row.save(update_fields=["state", "undone_at"])
    for kind in ("erase", "alarm"):
        close_obligation(CLAUSE, kind=kind, subject=row.pk, now=now)
    log_action("deletion.undone", by=by, on=row, at=now, about=row.subjects)
    return row
