"""What the agenda calls about changes of sub-processors: notices, silence, their start."""

from collections.abc import Mapping
from datetime import datetime

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Kept, Mail, Moot, Outcome, keeper, message
from dpa.actions.change_processor import CLAUSE as PROCESSORS
from dpa.actions.change_processor import FOLLOW, NOTICE, SILENCE, sync_change
from dpa.actions.object_to_change import note_receipt, silence_of
from dpa.models import ChangeNotice, ProcessorChange
from dpa.queries import processor_mails

Ids = Mapping[str, str]


@keeper(PROCESSORS, kind=NOTICE, where="operator")
def keep_processor_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note when the notice of a change left: the tenant's time to object starts there, and only there."""
    notice = ChangeNotice.objects.select_related("change__version").get(pk=obligation.subject)
    if notice.returned_at or not (notice.change.is_pending or notice.change.started_at):
        return Moot("another notice counts, or nothing changes any more")
    outcome = outcome_of_mail([notice.message_key], now=now)
    if isinstance(outcome, Kept):
        note_receipt(notice, received_at=outcome.at or now, now=now)
    elif isinstance(outcome, Moot):
        notice.mark_returned(at=now)  # tomorrow's look at the change tells whoever is there then
    return outcome


@keeper(PROCESSORS, kind=SILENCE, where="operator")
def keep_processor_silence(obligation: Obligation, *, now: datetime) -> Outcome:
    """Record that a tenant raised no objection until its time was over."""
    notice = ChangeNotice.objects.select_related("change").get(pk=obligation.subject)
    standing = silence_of(notice, now=now)
    if standing is None:
        return Moot("it objected, left, was told anew, or nothing changes any more")
    return Kept(objection=False, last_on=str(standing.last_on))


@keeper(PROCESSORS, kind=FOLLOW, where="operator")
def keep_processor_change(obligation: Obligation, *, now: datetime) -> Outcome:
    """Tell who has come into scope since, and start the change once nobody can object any more."""
    change = ProcessorChange.objects.get(pk=obligation.subject)
    start = sync_change(change, now=now)
    if start is None:
        return Moot("started or withdrawn before")
    return Kept(started=start.may_start, not_received=start.not_received)


@message("dpa/processor_change")
def processor_change(ids: Ids) -> Mail | None:
    """Announce a change of a sub-processor to the administrators, with how to object and until when."""
    change = ProcessorChange.objects.filter(pk=ids["change"], withdrawn_at=None).first()
    left_on = datetime.fromisoformat(ids["leaves_at"])
    return processor_mails.change_announced(change, left_on)


@message("dpa/processor_withdrawn")
def processor_withdrawn(ids: Ids) -> Mail | None:
    """Tell who was told of a change that it will not come."""
    return processor_mails.change_withdrawn(ProcessorChange.objects.filter(pk=ids["change"]).first())
