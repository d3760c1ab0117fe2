"""Answer a request that names a key once: sent again, it gets the same answer and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction

from billing.api.models import IdempotencyRecord


class StillAnswering(Exception):
    """Raised while another request with the same key is being answered."""


class OtherRequest(Exception):
    """Raised when the key was used for another request."""


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what two requests have in common when they ask for the same."""
    return sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


@transaction.atomic
def run_idempotently(
    *,
    person_id: UUID,
    key: str,
    asked: str,
    now: datetime,
    do: Callable[[], tuple[int, str]],
    waits: bool = False,
    keeps: Callable[[int], bool] = lambda _status: True,
) -> tuple[int, str, bool]:
    """Return status, body and whether they were kept from before; `do` is called when they weren't.

    What `do` raises keeps nothing, nor does a status that `keeps` refuses: the request may be sent again,
    mended. Answers older than a day go here. Raises OtherRequest, and StillAnswering unless it `waits`.
    """
    _alone(f"{person_id}:{key}", waits=waits)
    IdempotencyRecord.objects.filter(created_at__lt=IdempotencyRecord.over_before(now)).delete()
    kept = IdempotencyRecord.objects.filter(person_id=person_id, key=key).first()
    if kept is not None:
        if kept.fingerprint != asked:
            raise OtherRequest(key)
        return kept.status, kept.body, True
    status, body = do()
    if not keeps(status):
        return status, body, False
    IdempotencyRecord.objects.create(
        person_id=person_id, key=key, fingerprint=asked, status=status, body=body, created_at=now
    )
    return status, body, False


def _alone(name: str, *, waits: bool) -> None:
    """Hold a name until the transaction ends; two requests with one key never run side by side."""
    number = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        if waits:
            cursor.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [number])
            return
        cursor.execute("SELECT pg_catalog.pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillAnswering(name)
