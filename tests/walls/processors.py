"""A change of a sub-processor that a tenant objects to, its annexes, a request and an instruction of its, for
the walls.
"""

from uuid import uuid4

from django.utils import timezone

from dpa.actions.receive_request import record_received
from dpa.models import (
    AnnexVersion,
    ChangeNotice,
    ChangeObjection,
    Instruction,
    ProcessorChange,
    ProcessorVersion,
    ReceivedRequest,
)


def processor_papers(tenant, now):
    """Return the ids of a sub-processor, its change, and a tenant's notice and objection. As the operator."""
    values = {"name": "Exemple", "registration": "0", "activity": "Courriels", "country": "FR"}
    values |= {"contract_on": now.date(), "created_at": now}
    version = ProcessorVersion.objects.create(processor=uuid4(), starts_on=now.date(), **values)
    wanted = ProcessorVersion.objects.create(processor=uuid4(), **values)
    change = ProcessorChange.objects.create(
        version=wanted, planned_on=timezone.localdate(now), announced_at=now, kinds=["added"]
    )
    notice = ChangeNotice.objects.create(
        change=change, tenant_id=tenant.pk, message_key=f"wall-{change.pk}", created_at=now
    )
    objection = ChangeObjection.objects.create(
        change=change,
        tenant_id=tenant.pk,
        origin="page",
        objected_on=now.date(),
        reason="x",
        recorded_at=now,
    )
    return {
        "processor_id": version.pk,
        "change_id": change.pk,
        "change_notice_id": notice.pk,
        "change_objection_id": objection.pk,
    }


def accepted_annexes(tenant, now):
    """Return the annexes a tenant accepted. As the operator."""
    content = {"a": {"controller": {"controller": tenant.name}}, "b": {}, "c": {}, "d": {}}
    return AnnexVersion.objects.create(
        tenant_id=tenant.pk,
        number=1,
        content=content,
        digest="0" * 64,
        paper_fr=b"%PDF-fr",
        paper_en=b"%PDF-en",
        accepted_by=uuid4(),
        accepted_name="x",
        accepted_at=now,
    )


def request_papers(tenant, now):
    """Return the ids of a person's request forwarded to a tenant, and of an instruction of its. As the
    operator.
    """
    said = {"channel": "mail", "right": "access", "received_at": now, "now": now}
    received = record_received(tenant=tenant, **said)
    told = Instruction.objects.create(tenant_id=tenant.pk, text="x", author_id=uuid4(), given_at=now)
    request_id = ReceivedRequest.objects.get(pk=received.pk).request_id
    return {"received_id": received.pk, "request_id": request_id, "instruction_id": told.pk}
