"""Make a token with which a program acts for a person."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from audit.actions import log_action
from people.models import AccessToken, Person
from people.policy.tokens import AREAS, MAX_TOKENS, digest_of, ends_on, new_secret


class TooManyTokens(Exception):
    """Raised when a person has as many tokens as they can look after."""


@transaction.atomic
def make_token(
    *,
    person: Person,
    name: str,
    days: int,
    now: datetime,
    today: date,
    areas: Collection[str] = AREAS,
    may_write: bool = True,
) -> tuple[AccessToken, str]:
    """Return a new token and its secret, which is never known again. Raises TooManyTokens.

    It opens what its owner may do in some areas, to read or also to write.
    """
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if AccessToken.objects.active(today).filter(person=person).count() >= MAX_TOKENS:
        raise TooManyTokens(MAX_TOKENS)
    secret = new_secret()
    token = AccessToken.objects.create(
        person=person,
        name=name,
        digest=digest_of(secret),
        created_at=now,
        expires_on=ends_on(today, days),
        areas=sorted(areas),
        may_write=may_write,
    )
    facts = {
        "token": str(token.pk),
        "expires_on": str(token.expires_on),
        "areas": token.areas,
        "may_write": may_write,
    }
    log_action(
        "token.made", by=person, on=person, at=now, facts=facts, personal={"name": name}, about=[person.pk]
    )
    return token, secret
