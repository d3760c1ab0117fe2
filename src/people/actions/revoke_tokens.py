"""Revoke tokens: from the next request on they open nothing."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from isolation.policy.guards import guards
from people.models import AccessToken, Person


@transaction.atomic
@guards("token")
def revoke_tokens(
    *, person_ids: Collection[UUID], by: Person | None, now: datetime, only: UUID | None = None
) -> int:
    """Return how many tokens of these people were revoked: all, or `only` one of them."""
    rows = AccessToken.objects.select_for_update(of=("self",)).filter(
        person_id__in=person_ids, revoked_at=None
    )
    if only is not None:
        rows = rows.filter(pk=only)
    revoked = list(rows)
    for token in revoked:
        token.mark_revoked(at=now)
        facts = {"token": str(token.pk)}
        about = [token.person_id]
        log_action("token.revoked", by=by, on=token.person_id, at=now, facts=facts, about=about)
    return len(revoked)
