"""Keep what leaves for a customer as it leaves."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from billing.customers.models import SentDocument


def file_sent(
    *,
    customer_id: UUID,
    channel: str,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    about: Sequence[UUID],
    content: bytes,
    at: datetime,
) -> SentDocument:
    """Return the document as it is kept, with the SHA-256 of its bytes; once per key, the first stands."""
    details = {
        "customer_id": customer_id,
        "channel": channel,
        "kind": kind,
        "recipient": recipient[:300],
        "subject": subject[:300],
        "about": list(about),
        "sent_at": at,
        "content": content,
        "sha256": sha256(content).hexdigest(),
    }
    found, _made = SentDocument.objects.get_or_create(key=key, defaults=details)
    return found
