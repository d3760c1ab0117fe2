"""Answer a person's request: prove who asks, say that it takes longer, grant or refuse, take it back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message
from agenda.models import Obligation
from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.models import DataRequest
from dpa.policy.requests import REMIND_BEFORE, check_proof_gone, extended_due
from dpa.queries.requests import ANSWER
from people.models import Person
from tenants.queries import tenant_row


class AnsweredAlready(Exception):
    """Raised when something is wanted of a request that was answered."""


class NothingAsked(Exception):
    """Raised when a proof of identity is noted that nobody asked for."""


@transaction.atomic
def say_whom(*, request: DataRequest, subjects: Collection[UUID], by: Person, now: datetime) -> DataRequest:
    """Return the request with whom it is about. Raises AnsweredAlready."""
    row = _open(request)
    row.subjects = sorted(set(subjects))
    row.save(update_fields=["subjects"])
    log_action("rights.placed_on", by=by, on=row, at=now, about=row.subjects)
    return row


@transaction.atomic
@keeps("QZ-9", "QW-4")
def ask_identity(*, request: DataRequest, by: Person, now: datetime) -> DataRequest:
    """Return the request, its author asked to prove who they are; asked again, nothing was proved yet.

    Raises AnsweredAlready, ProofKept while a copy that came before still lies there.
    """
    row = _open(request)
    _check_proof_gone(row)
    row.identity_asked_at = now
    row.identity_seen_at = row.proof_gone_at = None
    row.save(update_fields=["identity_asked_at", "identity_seen_at", "proof_gone_at"])
    log_action("rights.identity_asked", by=by, on=row, at=now, about=_about(row))
    ids = {"request": str(row.pk)}
    key = f"rights-identity-{row.pk}-{now.isoformat()}"
    enqueue_message("dpa/rights_identity", ids=ids, now=now, key=key)
    return row


@transaction.atomic
@keeps("QZ-9", "QW-4")
def note_identity(*, request: DataRequest, is_gone: bool, by: Person, now: datetime) -> DataRequest:
    """Return the request, with that the identity was proved or that the copy is destroyed.

    The product stores no identity papers: what is kept is who saw them, when, and that the copy is gone.
    Raises AnsweredAlready, NothingAsked.
    """
    row = _open(request)
    if row.identity_asked_at is None:
        raise NothingAsked
    row.identity_seen_at = row.identity_seen_at or now
    row.proof_gone_at = now if is_gone else row.proof_gone_at
    row.save(update_fields=["identity_seen_at", "proof_gone_at"])
    verb = "rights.proof_destroyed" if is_gone else "rights.identity_seen"
    log_action(verb, by=by, on=row, at=now, about=_about(row))
    return row


@transaction.atomic
def extend_request(*, request: DataRequest, reason: str, by: Person, now: datetime) -> DataRequest:
    """Return the request with two months more; who asked is told why.

    Raises AnsweredAlready, ExtendedAlready, TooLateToExtend.
    """
    row = _open(request)
    due_on = tenant_row().today(row.due_at)
    row.due_at = extended_due(
        due_on=due_on, due_at=row.due_at, is_extended=row.extended_at is not None, now=now
    )
    row.extended_at, row.extension_reason = now, reason
    row.save(update_fields=["due_at", "extended_at", "extension_reason"])
    waiting = Obligation.objects.waiting().filter(clause=row.clause, kind=ANSWER, subject_id=row.pk)
    waiting.update(due_at=row.due_at, run_at=row.due_at - REMIND_BEFORE)
    facts = {"due_at": row.due_at.isoformat()}
    log_action("rights.extended", by=by, on=row, at=now, facts=facts, personal={"reason": reason})
    ids = {"request": str(row.pk)}
    enqueue_message("dpa/rights_extended", ids=ids, now=now, key=f"rights-extended-{row.pk}")
    return row


@transaction.atomic
@keeps("LG-D1", "QZ-9", "QW-4")
def answer_request(
    *, request: DataRequest, is_granted: bool, answer: str, by: Any, now: datetime
) -> DataRequest:
    """Return the request, answered; who asked reads the answer by mail, a refusal with where to complain.

    Raises AnsweredAlready, ProofKept.
    """
    row = _open(request)
    _check_proof_gone(row)
    state = DataRequest.State.GRANTED if is_granted else DataRequest.State.REFUSED
    row.close(state=state, answer=answer, by=by.pk, at=now)
    _end_clock(row, now, Obligation.State.KEPT)
    personal = {"answer": answer}
    log_action(
        "rights.answered", by=by, on=row, at=now, facts={"state": state}, personal=personal, about=_about(row)
    )
    ids = {"request": str(row.pk)}
    enqueue_message("dpa/rights_answered", ids=ids, now=now, key=f"rights-answered-{row.pk}")
    return row


@transaction.atomic
def withdraw_request(*, request: DataRequest, by: Person, now: datetime) -> DataRequest:
    """Return the request, taken back by who made it. Raises AnsweredAlready."""
    row = _open(request)
    row.close(state=DataRequest.State.WITHDRAWN, answer="", by=by.pk, at=now)
    _end_clock(row, now, Obligation.State.MOOT)
    log_action("rights.withdrawn", by=by, on=row, at=now, about=_about(row))
    return row


def _open(request: DataRequest) -> DataRequest:
    row = DataRequest.objects.select_for_update().open().filter(pk=request.pk).first()
    if row is None:
        raise AnsweredAlready
    return row


def _check_proof_gone(row: DataRequest) -> None:
    check_proof_gone(asked_at=row.identity_asked_at, seen_at=row.identity_seen_at, gone_at=row.proof_gone_at)


def _end_clock(row: DataRequest, now: datetime, state: str) -> None:
    close_obligation(row.clause, kind=ANSWER, subject=row.pk, now=now, state=state)


def _about(row: DataRequest) -> list[UUID]:
    return [*row.subjects, *([row.person_id] if row.person_id else [])]
