"""Erase people: the ledger's line first, then rows in one transaction, then files, then the evidence."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from agenda.actions import close_obligation
from agenda.models import Obligation, OutboxMessage
from audit.actions import log_action
from audit.actions.anchor import anchor_after_commit
from classrooms.actions.remember_removals import remember_erased
from classrooms.policy.removals import reason_of
from contracts.registry import CASCADE
from dpa.actions.redact_names import IN_TEXTS, redact_names
from dpa.actions.request_erasure import CLAUSE
from dpa.gateways import ledger
from dpa.gateways.rows import delete_together
from dpa.models import Erasure, ErasureEvidence
from dpa.policy.erasure import forgotten_by_backups_on
from dpa.policy.ledger import Line
from dpa.queries.data_inventory import concerned
from dpa.queries.promises import backup_months
from dpa.queries.subjects import Subjects, invitations_to, subjects_of, traces_of, with_last_guardians
from exports.actions.end_export import end_exports_holding
from exports.gateways import storage
from isolation.context import current_tenant_id
from people.actions.end_sessions import end_sessions
from tenants.queries import tenant_row

_STAYS = {"dpa.Erasure"}  # emptied of what was written, kept with its ids


@transaction.atomic(savepoint=False)
def erase_person(*, deletion_id: UUID, now: datetime) -> bool:
    """Do the next step of an erasure and return whether another remains.

    First the line in the ledger, on disk before the commit, and all rows; then, once they are gone for good,
    the files and the evidence. Killed anywhere, the next attempt ends it: what is gone already is no error.
    """
    deletion = Erasure.objects.select_for_update().filter(pk=deletion_id).first()
    if deletion is None:
        return False
    if deletion.state == Erasure.State.REQUESTED:
        _erase_rows(deletion, now)
        return True
    if deletion.state == Erasure.State.ERASING:
        _erase_files(deletion, now)
    return False


def _erase_rows(deletion: Erasure, now: datetime) -> None:
    subjects = with_last_guardians(subjects_of(deletion.subjects))
    ids = sorted(
        {*subjects.ids, *invitations_to(subjects).values_list("pk", flat=True)}
    )  # the trail speaks of an invitation by its own id
    ledger.append(
        Line(
            deletion=deletion.pk,
            tenant=current_tenant_id(),
            kind=deletion.kind,
            subjects=tuple(ids),
            asked_at=deletion.requested_at,
            erased_at=now,
            answers=tuple(deletion.answers),
        )
    )
    subjects = replace(subjects, ids=tuple(ids))
    counts, files = erase_rows(subjects, now=now, answered=deletion.answers)
    remember(deletion, subjects, on=tenant_row().today(now))
    emptied: dict[str, Any] = {"reason": "", "closed_accounts": [], "answers": []}
    Erasure.objects.filter(pk=deletion.pk).update(
        state=Erasure.State.ERASING, subjects=ids, counts=counts, files=files, **emptied
    )


def remember(deletion: Erasure, subjects: Subjects, *, on: date) -> None:
    """Remember for seven months, as keyed digests, who was erased: an import that brings them back asks.

    The pupils; and the guardians where they were meant themselves, who else went with a last child. Where
    families share a place nothing is imported, and what ends leaves nothing.
    """
    if tenant_row().is_shared:
        return
    reason = reason_of(deletion.origin, is_own_wish=deletion.requested_by in deletion.subjects)
    guardians = subjects.guardians if deletion.kind != Erasure.Kind.STUDENT else ()
    remember_erased(students=subjects.students, guardians=guardians, reason=reason, on=on)


def _erase_files(deletion: Erasure, now: datetime) -> None:
    storage.delete(deletion.files)
    certify(deletion, counts=deletion.counts, files=len(deletion.files), now=now)
    deletion.state = Erasure.State.ERASED
    deletion.erased_at = now
    deletion.files = []
    deletion.save(update_fields=["state", "erased_at", "files"])
    close_obligation(CLAUSE, kind="alarm", subject=deletion.pk, now=now)
    facts = {"kind": deletion.kind, "rows": sum(deletion.counts.values())}
    log_action("deletion.erased", by=None, on=deletion, at=now, facts=facts, about=deletion.subjects)


def certify(deletion: Erasure, *, counts: dict[str, int], files: int, now: datetime) -> None:
    """Write the evidence of an erasure, once however often it is asked for."""
    configured = settings.BACKUPS_CONFIGURED
    today = tenant_row().today(now)
    evidence = ErasureEvidence(
        deletion_id=deletion.pk,
        tenant_id=current_tenant_id(),
        kind=deletion.kind,
        origin=deletion.origin,
        counts=counts,
        files=files,
        requested_at=deletion.requested_at,
        due_at=deletion.due_at or now,
        erased_at=now,
        backups_configured=configured,
        forgotten_on=forgotten_by_backups_on(
            erased_on=today, months=backup_months(tenant_row().profiles(today)), configured=configured
        ),
    )
    ErasureEvidence.objects.bulk_create([evidence], ignore_conflicts=True)


def erase_rows(
    subjects: Subjects, *, now: datetime, answered: Collection[str] = ()
) -> tuple[dict[str, int], list[str]]:
    """Erase every row about these people and return how many of each model went, and the files left to
    delete.

    `answered` says which doubtful mentions in texts go and which stay (`dpa.policy.doubts`).
    """
    ids = subjects.ids
    if subjects.people:
        end_sessions(person_ids=list(ids), by=None, now=now)
    end_exports_holding(traces_of(subjects), now=now)
    counts = {IN_TEXTS: redact_names(subjects, answered=answered)}
    found = concerned(subjects)
    emptied = [one for one in found if one.erase is not CASCADE]
    counts |= {one.label: one.erase(one.about(ids), now) or 0 for one in emptied}  # type: ignore[operator]
    deleted = [one for one in found if one.erase is CASCADE]
    gone = delete_together(deleted, ids)
    counts |= {one.label: went.count for one, went in zip(deleted, gone, strict=True)}
    keys = {UUID(key) for one, went in zip(deleted, gone, strict=True) if one.files for key in went.keys}
    _drop_messages({*ids, *keys})
    named = Obligation.objects.waiting().filter(subject_id__in={*ids, *keys})
    named.update(state=Obligation.State.MOOT, settled_at=now)
    files = {file for went in gone for file in went.files}
    anchor_after_commit(now=now)
    return {what: count for what, count in counts.items() if count and what not in _STAYS}, sorted(files)


def _drop_messages(gone: Collection[UUID]) -> None:
    texts = {str(one) for one in gone}
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, tenant_id=current_tenant_id())
    moot = [
        pk for pk, ids in waiting.values_list("pk", "ids") if texts & {str(value) for value in ids.values()}
    ]
    OutboxMessage.objects.filter(pk__in=moot).update(state=OutboxMessage.State.MOOT, ids={})
