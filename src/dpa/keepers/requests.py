"""What the agenda calls about people's requests: forwarding and its alarm, the time to answer, mails."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from agenda.models import Obligation
from agenda.queries import outcome_of_mail
from agenda.registry import Again, Kept, Mail, Moot, Outcome, keeper, message
from dpa.actions.open_request import remind_who_answers
from dpa.actions.receive_request import note_forwarded, raise_forward_alarm
from dpa.models import DataRequest, Instruction, ReceivedRequest
from dpa.queries import request_mails
from dpa.queries.requests import ANSWER, FORWARD, FORWARD_ALARM, FORWARD_CLAUSE, is_waiting

Ids = Mapping[str, str]
ROUND = timedelta(minutes=10)


@keeper(FORWARD_CLAUSE, kind=FORWARD, where="operator")
def keep_forwarded(obligation: Obligation, *, now: datetime) -> Outcome:
    """Keep a forwarding once its mail has left; a request nobody was found for stays owed."""
    received = ReceivedRequest.objects.filter(pk=obligation.subject_id).first()
    if received is None or received.is_ours or received.dropped_at is not None:
        return Moot("nobody to forward it to")
    if not received.is_placed:
        return Again(now + ROUND)
    outcome = outcome_of_mail([received.message_key], now=now, attempt=received.attempt)
    if isinstance(outcome, Moot):
        return Again(now + ROUND)
    if isinstance(outcome, Kept):
        note_forwarded(received=received, now=now)
    return outcome


@keeper(FORWARD_CLAUSE, kind=FORWARD_ALARM, where="operator")
def keep_forward_alarm(obligation: Obligation, *, now: datetime) -> Outcome:
    """Tell the operator's people, half way through the 48 hours, that a request isn't forwarded."""
    received = ReceivedRequest.objects.filter(pk=obligation.subject_id).first()
    if received is None or not is_waiting(received):
        return Moot("forwarded in time")
    return outcome_of_mail([raise_forward_alarm(received=received, now=now)], now=now)


@keeper("GDPR-12.3", kind=ANSWER, where="tenant")
@keeper("LG-D1", kind=ANSWER, where="tenant")
@keeper("QW-4", kind=ANSWER, where="tenant")
@keeper("QZ-9", kind=ANSWER, where="tenant")
def keep_answered(obligation: Obligation, *, now: datetime) -> Outcome:
    """Remind who answers, daily from a week before, of a request that waits; kept once it was answered."""
    if remind_who_answers(request_id=obligation.subject, now=now) is not None:
        return Again(now + timedelta(days=1))
    request = DataRequest.objects.filter(pk=obligation.subject).exclude(answered_at=None).first()
    return Kept(at=request.answered_at) if request else Moot("no request any more")


def _request(ids: Ids) -> DataRequest | None:
    return DataRequest.objects.filter(pk=ids["request"]).first()


def _received(ids: Ids) -> ReceivedRequest | None:
    return ReceivedRequest.objects.filter(pk=ids["received"]).first()


def _instruction(ids: Ids) -> Instruction | None:
    return Instruction.objects.filter(pk=ids["instruction"]).first()


@message("dpa/rights_forwarded")
def rights_forwarded(ids: Ids) -> Mail | None:
    """Forward a request to its controller."""
    return request_mails.to_controller(_received(ids))


@message("dpa/rights_alarm")
def rights_alarm(ids: Ids) -> Mail | None:
    """Tell the operator's people that a request isn't forwarded."""
    return request_mails.alarm(_received(ids))


@message("dpa/rights_waits")
def rights_waits(ids: Ids) -> Mail | None:
    """Tell the administrators of a request that waits."""
    return request_mails.to_staff(_request(ids))


@message("dpa/rights_waits_house")
def rights_waits_house(ids: Ids) -> Mail | None:
    """Tell the operator's people of a request that waits for them."""
    return request_mails.to_the_house(ids["tenant"], ids["request"])


@message("dpa/rights_registered")
def rights_registered(ids: Ids) -> Mail | None:
    """Tell who asked that it is in the register, and by when it is answered."""
    return request_mails.to_asker(_request(ids))


@message("dpa/rights_identity")
def rights_identity(ids: Ids) -> Mail | None:
    """Ask who asked to prove who they are."""
    return request_mails.to_asker(_request(ids))


@message("dpa/rights_extended")
def rights_extended(ids: Ids) -> Mail | None:
    """Tell who asked that it takes longer, and why."""
    return request_mails.to_asker(_request(ids))


@message("dpa/rights_answered")
def rights_answered(ids: Ids) -> Mail | None:
    """Tell who asked what the answer is."""
    return request_mails.to_asker(_request(ids))


@message("dpa/rights_thawed")
def rights_thawed(ids: Ids) -> Mail | None:
    """Tell who asked that their data is used again."""
    return request_mails.to_asker(_request(ids))


@message("dpa/instruction_given")
def instruction_given(ids: Ids) -> Mail | None:
    """Tell the operator's people of an instruction."""
    return request_mails.instruction_given(_instruction(ids))


@message("dpa/instruction_settled")
def instruction_settled(ids: Ids) -> Mail | None:
    """Tell a controller the outcome of its instruction."""
    return request_mails.instruction_settled(_instruction(ids))
