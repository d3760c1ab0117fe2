"""What a controller tells the operator to do with its data, and what becomes of it (LG-D6i)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.policy.clauses import keeps
from dpa.models import Instruction, ReceivedRequest
from isolation.context import inside_operator
from people.models import Person
from tenants.models import Tenant


class SettledAlready(Exception):
    """Raised when an instruction has its outcome."""


@transaction.atomic
@keeps("LG-D6i")
def instruct(
    *, tenant: Tenant, text: str, by: Person, now: datetime, request_id: UUID | None = None
) -> Instruction:
    """Return the instruction, as it is written: text, author, time. Inside the tenant."""
    given = Instruction.objects.create(
        tenant_id=tenant.pk, text=text, author_id=by.pk, request_id=request_id, given_at=now
    )
    log_action("instruction.given", by=by, on=given, at=now)
    with inside_operator():
        if request_id is not None:
            rows = ReceivedRequest.objects.filter(request_id=request_id, tenant_id=tenant.pk)
            rows.update(instructed_at=now)
        key = f"instruction-{given.pk}"
        enqueue_message("dpa/instruction_given", ids={"instruction": str(given.pk)}, now=now, key=key)
    return given


@transaction.atomic
@keeps("LG-D6i")
def settle_instruction(
    *, instruction: Instruction, is_lawful: bool, outcome: str, by: Actor, now: datetime
) -> Instruction:
    """Return the instruction with its outcome: carried out, or answered with why it is against the law.

    The controller is told by mail, at once. As the operator. Raises SettledAlready.
    """
    row = Instruction.objects.select_for_update().get(pk=instruction.pk)
    if row.settled_at is not None:
        raise SettledAlready
    row.state = Instruction.State.DONE if is_lawful else Instruction.State.UNLAWFUL
    row.outcome, row.settled_at, row.settled_by = outcome, now, by.id
    row.save(update_fields=["state", "outcome", "settled_at", "settled_by"])
    log_action("instruction.settled", by=by, on=row, at=now, facts={"state": row.state})
    key = f"instruction-settled-{row.pk}"
    enqueue_message("dpa/instruction_settled", ids={"instruction": str(row.pk)}, now=now, key=key)
    wake_worker()
    return row
