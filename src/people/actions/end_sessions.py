"""Close open sessions."""

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from audit.actions import log_action
from people.actions.revoke_tokens import revoke_tokens
from people.models import Person


@transaction.atomic
def end_sessions(
    *,
    person_ids: Collection[UUID],
    by: Person | None,
    now: datetime,
    only: Collection[int] | None = None,
    but: str = "",
) -> int:
    """Return how many sessions of these people were closed.

    All, `only` some of them, or all `but` one key. With all of them their tokens end, too.
    """
    rows = UserSession.objects.filter(user_id__in=person_ids)
    if only is not None:
        rows = rows.filter(pk__in=only)
    ended = list(rows.exclude(session_key=but).values_list("pk", "session_key", "user_id"))
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for _pk, key, _person in ended:
        store.delete(key)
    UserSession.objects.filter(pk__in=[pk for pk, _key, _person in ended]).delete()
    for person_id in sorted({person for _pk, _key, person in ended}):
        count = sum(1 for _pk, _key, person in ended if person == person_id)
        log_action("session.revoked", by=by, on=person_id, at=now, facts={"count": count}, about=[person_id])
    if only is None:
        revoke_tokens(person_ids=person_ids, by=by, now=now)
    return len(ended)
