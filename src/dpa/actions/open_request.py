"""Enter a person's request where it is answered: asked in the app, recorded by staff, forwarded to us."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.models import DataRequest
from dpa.queries.breaches import is_ours
from dpa.queries.requests import ANSWER, clock_here
from isolation.context import inside_operator
from people.models import Person
from tenants.queries import tenant_row


@transaction.atomic
@keeps("LG-D1", "QZ-9", "QW-4")
def open_request(
    *,
    right: str,
    origin: str,
    received_at: datetime,
    now: datetime,
    by: Person | None = None,
    person_id: UUID | None = None,
    subjects: Collection[UUID] = (),
    sender: str = "",
    contact: str = "",
    words: str = "",
    received_id: UUID | None = None,
) -> DataRequest:
    """Return the request, in the register of the tenant we are inside, with its clock running.

    The time runs from its receipt, whoever received it. Who asked is told its number and its day, who answers
    it that it is there.
    """
    clock = clock_here(received_at)
    request = DataRequest.objects.create(
        right=right,
        origin=origin,
        received_at=received_at,
        due_at=clock.due_at,
        clause=clock.clause,
        person_id=person_id,
        subjects=sorted(set(subjects)),
        sender=sender,
        contact=contact,
        words=words,
        received_id=received_id,
    )
    open_obligation(
        clock.clause,
        kind=ANSWER,
        subject=request.pk,
        run_at=max(now, clock.reminder_at),
        due_at=clock.due_at,
        now=now,
    )
    facts = {"right": right, "origin": origin, "due_at": clock.due_at.isoformat()}
    about = [*request.subjects, *([person_id] if person_id else [])]
    log_action("rights.recorded", by=by, on=request, at=now, facts=facts, about=about)
    ids = {"request": str(request.pk)}
    enqueue_message("dpa/rights_registered", ids=ids, now=now, key=f"rights-registered-{request.pk}")
    if origin != DataRequest.Origin.OPERATOR:
        tell_who_answers(request, now=now, key=f"rights-new-{request.pk}")
    return request


def tell_who_answers(request: DataRequest, *, now: datetime, key: str) -> None:
    """Tell the administrators, or the operator's people where the operator is the controller (LG-D1)."""
    tenant = tenant_row()
    if not is_ours(tenant, now):
        enqueue_message("dpa/rights_waits", ids={"request": str(request.pk)}, now=now, key=key)
        return
    ids = {"tenant": str(tenant.pk), "request": str(request.pk)}
    with inside_operator():
        enqueue_message("dpa/rights_waits_house", ids=ids, now=now, key=key)


def remind_who_answers(*, request_id: UUID, now: datetime) -> DataRequest | None:
    """Return a request that still waits, after having reminded who answers it; None once it doesn't."""
    request = DataRequest.objects.open().filter(pk=request_id).first()
    if request is not None:
        tell_who_answers(request, now=now, key=f"rights-new-{request.pk}-{now.date().isoformat()}")
    return request
