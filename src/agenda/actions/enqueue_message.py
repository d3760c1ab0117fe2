"""Leave a message in the outbox."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from agenda.actions.open_obligation import instant
from agenda.models import OutboxMessage
from isolation.context import current_context


def enqueue_message(
    template: str,
    *,
    ids: Mapping[str, object],
    now: datetime,
    key: str,
    tenant_id: UUID | None = None,
    send_at: datetime | None = None,
) -> None:
    """Leave one message for the outbox to send after the commit; the same key is never sent twice.

    `ids` name rows, never people's data: the text is written when it is sent, from what is true then.
    """
    place = current_context()
    owner = tenant_id or (place.tenant_id if place else None)
    named = {name: str(value) for name, value in ids.items()}
    span = instant(send_at or now)
    row = OutboxMessage(
        tenant_id=owner,
        template=template,
        ids=named,
        key=key,
        created_at=now,
        send_at=span["run_at"],
        due_at=span["due_at"],
    )
    OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
