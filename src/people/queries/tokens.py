"""Which token a program shows, and which tokens somebody has."""

from datetime import date
from uuid import UUID

from isolation.policy.guards import guards
from people.models import AccessToken
from people.policy.tokens import digest_of


@guards("token")
def token_shown(secret: str, *, today: date) -> AccessToken | None:
    """Return the token of a secret where we are, None when it opens nothing (any more)."""
    if not secret:
        return None
    token = AccessToken.objects.select_related("person").filter(digest=digest_of(secret)).first()
    return token if token is not None and token.opens(today) else None


@guards("own")
def tokens_of(person_id: UUID, *, today: date) -> list[AccessToken]:
    """Return the tokens of a person that aren't revoked or over, the newest first."""
    return list(AccessToken.objects.active(today).filter(person_id=person_id))
