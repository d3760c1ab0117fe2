"""What the agenda calls for the privacy centre.

Erase, alarm, remind, prune the ledger, keep no longer than promised.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Again, Kept, Mail, Moot, Outcome, keeper, kept_or_moot, message
from audit.actions.export_trail import note_in_hand
from dpa.actions.back_up import CLAUSE as BACKUP
from dpa.actions.back_up import back_up, destroy_due_backups, due_days, schedule_backup, schedule_destruction
from dpa.actions.enforce_retention import enforce_retention
from dpa.actions.erase_household import erase_household
from dpa.actions.erase_person import erase_person
from dpa.actions.erase_tenant import (
    ANNEXES,
    ANNEXES_CLAUSE,
    FILES,
    erase_files,
    erasure_of,
    forget_annexes,
)
from dpa.actions.erase_tenant import CLAUSE as LEFT
from dpa.actions.open_round import CLAUSE as RETENTION
from dpa.actions.open_round import KIND as ROUND
from dpa.actions.open_round import next_round
from dpa.actions.record_drill import DRILL, owe_drill, remind_of_drill
from dpa.actions.record_house_erasure import schedule_prune
from dpa.actions.request_erasure import CLAUSE, WISH
from dpa.actions.send_heads import CLAUSE as HEADS
from dpa.actions.send_heads import KIND as HEADS_SENT
from dpa.actions.send_heads import owe_heads, send_heads
from dpa.actions.warn import raise_alarm, remind_of_request
from dpa.gateways import ledger
from dpa.models import Erasure, RestoreDrill
from dpa.policy.rotation import REMIND_BEFORE
from dpa.queries import mails
from isolation.context import inside_operator
from tenants.actions.keep_after_end import KINDS
from tenants.models import SubTenant, Tenant
from tenants.queries import tenant_row

Ids = Mapping[str, str]
MORE = "MC-3"  # what LG-S21.2 is where the data is kept 180 days


@keeper(CLAUSE, kind="erase", where="tenant")
def keep_erase(obligation: Obligation, *, now: datetime) -> Outcome:
    """Erase in two steps, rows then files; afterwards promise that the ledger forgets in its turn."""
    if erase_person(deletion_id=obligation.subject, now=now):
        return Again(run_at=now)
    deletion = Erasure.objects.filter(pk=obligation.subject, state=Erasure.State.ERASED).first()
    if deletion is None:
        return Moot("taken back, or erased before")
    schedule_prune(deletion.pk, now=now)
    return Kept(rows=sum(deletion.counts.values()))


@keeper(CLAUSE, kind="alarm", where="tenant")
def keep_alarm(obligation: Obligation, *, now: datetime) -> Outcome:
    """Tell the administrators and the operator when data that was to be erased is still there."""
    alarmed = raise_alarm(deletion_id=obligation.subject, now=now)
    return kept_or_moot(alarmed, "erased or taken back in time", alarmed=alarmed)


@keeper(CLAUSE, kind="prune", where="outside", opened_by="tenant")
def keep_prune(obligation: Obligation, *, now: datetime) -> Outcome:
    """Take out of the ledger what no backup can bring back any more."""
    return Kept(lines=ledger.prune(today=now.date()))


@keeper(WISH, kind="answer", where="tenant")
def keep_answer(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind the administrators, every day from a week before, of a request that waits for their word."""
    if remind_of_request(deletion_id=obligation.subject, now=now):
        return Again(run_at=now + timedelta(days=1))
    return Kept()


@keeper(BACKUP, kind="nightly", where="outside")
def keep_backup(obligation: Obligation, *, now: datetime) -> Outcome:
    """Make tonight's backup and promise the next."""
    if not settings.BACKUP_DIR:
        return Moot("backups are made elsewhere")
    made = back_up(now=now)
    with inside_operator():
        schedule_backup(now=now)
        owe_drill(now=now)
    return Kept(backup=made.name, kept_until=str(due_days()[made]))


@keeper(BACKUP, kind="destroyed", where="outside")
def keep_destroyed(obligation: Obligation, *, now: datetime) -> Outcome:
    """Destroy the backups whose day has come, and look again tomorrow."""
    if not settings.BACKUP_DIR:
        return Moot("backups are made elsewhere")
    gone = destroy_due_backups(now=now)
    with inside_operator():
        schedule_destruction(now=now)
    return Kept(destroyed=len(gone))


@keeper(BACKUP, kind=DRILL, where="operator")
def keep_drill(obligation: Obligation, *, now: datetime) -> Outcome:
    """Keep the month's drill once a backup came back; a week before its end, say that it is to be done."""
    drill = RestoreDrill.objects.proving(obligation.occurrence).first()
    if drill is not None:
        return Kept(at=drill.recorded_at, backup=drill.backup, tenants=drill.tenants)
    if now >= obligation.due_at - REMIND_BEFORE:
        remind_of_drill(month=obligation.occurrence, now=now)
    return Again(run_at=now + timedelta(days=1))


@message("dpa/drill_waits")
def drill_waits(ids: Ids) -> Mail | None:
    """Say that the month's restore drill is still to be done."""
    return mails.drill_waits(ids["month"])


@keeper(RETENTION, kind=ROUND, where="tenant")
def keep_retention_round(obligation: Obligation, *, now: datetime) -> Outcome:
    """Start the deletion of what has been kept long enough, and come back tomorrow."""
    started = enforce_retention(now=now)
    tomorrow = obligation.run_at + timedelta(days=max(1, (now - obligation.run_at).days))
    next_round(obligation.subject, tomorrow, now)
    owe_heads(tenant_row(), now)
    return Kept(at=now, **started)


@keeper(HEADS, kind=HEADS_SENT, where="tenant")
def keep_heads_sent(obligation: Obligation, *, now: datetime) -> Outcome:
    """Send this month's head; kept once it has left."""
    key = send_heads(tenant_id=obligation.subject, month=obligation.occurrence, now=now)
    return outcome_of_mail([key], now=now)


@keeper(MORE, kind=KINDS[SubTenant], where="operator")
@keeper(LEFT, kind=KINDS[SubTenant], where="operator")
def keep_household_erasure(obligation: Obligation, *, now: datetime) -> Outcome:
    """Destroy an ended household in two steps, rows then files.

    Afterwards promise that the ledger forgets.
    """
    if erase_household(sub_tenant_id=obligation.subject_id, now=now):
        return Again(run_at=now)
    schedule_prune(obligation.subject_id, now=now)
    return Kept(circle=str(obligation.subject_id))


@keeper(LEFT, kind=FILES, where="operator")
def keep_files_erasure(obligation: Obligation, *, now: datetime) -> Outcome:
    """Delete the files of a tenant that is gone; afterwards promise that the ledger forgets."""
    if not Tenant.objects.filter(pk=obligation.subject_id, state=Tenant.State.ERASED).exists():
        return Moot("the tenant is not erased")
    schedule_prune(erasure_of(obligation.subject_id), now=now)
    return Kept(files=erase_files(tenant_id=obligation.subject_id))


@keeper(ANNEXES_CLAUSE, kind=ANNEXES, where="operator")
def keep_annexes_forgotten(obligation: Obligation, *, now: datetime) -> Outcome:
    """Delete the annexes a tenant accepted, five years after its data."""
    return Kept(annexes=forget_annexes(tenant_id=obligation.subject_id, now=now))


@message("dpa/deletion_asked")
def erasure_requested(ids: Ids) -> Mail | None:
    """Confirm to who asked, with the way to undo it."""
    return mails.erasure_requested(
        Erasure.objects.filter(pk=ids["deletion"], state=Erasure.State.REQUESTED).first()
    )


@message("dpa/child_leaves")
def child_leaves(ids: Ids) -> Mail | None:
    """Tell a guardian that the data of children they look after will go."""
    deletion = Erasure.objects.filter(pk=ids["deletion"], state=Erasure.State.REQUESTED).first()
    return mails.child_leaves(deletion, ids["guardian"])


@message("dpa/request_received")
def request_received(ids: Ids) -> Mail | None:
    """Tell the administrators that somebody wishes to be deleted."""
    return mails.to_administrators(
        Erasure.objects.filter(pk=ids["deletion"], state=Erasure.State.WAITING).first()
    )


@message("dpa/heads")
def heads(ids: Ids) -> Mail | None:
    """Bring the head of the trail that was signed last."""
    return mails.signed_heads(note_in_hand(), month=ids["month"])


@message("dpa/request_refused")
def request_refused(ids: Ids) -> Mail | None:
    """Tell the person why not."""
    return mails.request_refused(
        Erasure.objects.filter(pk=ids["deletion"], state=Erasure.State.REFUSED).first()
    )


@message("dpa/reopening_waits")
def reopening_waits(ids: Mapping[str, str]) -> Mail | None:
    """Ask the administrators whether an early deletion stands: a paid subscription waits for their word."""
    return mails.reopening_waits()


@message("dpa/alarm")
def alarm(ids: Ids) -> Mail | None:
    """Tell the administrators that an erasure waits."""
    open_states = (Erasure.State.REQUESTED, Erasure.State.ERASING)
    return mails.to_administrators(Erasure.objects.filter(pk=ids["deletion"], state__in=open_states).first())


@message("dpa/alarm_house")
def alarm_house(ids: Ids) -> Mail | None:
    """Tell the operator that an erasure waits."""
    return mails.to_the_house(tenant_id=UUID(ids["tenant"]), deletion_id=UUID(ids["deletion"]))
