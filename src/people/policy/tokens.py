"""Tokens with which a program acts for a person: what they look like, and how long they open anything."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from isolation.policy.guards import guards

PREFIX = "preau_"  # so that a scanner of leaked secrets knows one when it sees it
BYTES = 32
LASTS = (30, 90, 365)  # days
MAX_TOKENS = 20  # standing at once, per person
AREAS = ("quotes", "orders", "invoices", "payments")  # what programs may do, by the head of its rights
READS = frozenset({"GET", "HEAD", "OPTIONS"})
_SCHEME = "bearer"
_LONGEST = 200


def new_secret() -> str:
    """Return a secret of 256 random bits."""
    return PREFIX + token_urlsafe(BYTES)


def digest_of(secret: str) -> str:
    """Return what is stored of a secret: nobody can turn it back, and no two secrets share it."""
    return sha256(secret.encode()).hexdigest()


def ends_on(today: date, days: int) -> date:
    """Return the first day on which a token made today opens nothing."""
    return today + timedelta(days=days)


@guards("token")
def opens(*, today: date, expires_on: date, revoked_at: datetime | None, is_active: bool) -> bool:
    """Return whether a token still opens something.

    Its days last, nobody revoked it, its owner's account is open.
    """
    return is_active and revoked_at is None and today < expires_on


@guards("token")
def narrowed(held: Mapping[str, str], *, areas: Collection[str]) -> dict[str, str]:
    """Return what is left of its owner's rights for a token: those of the areas it was made for."""
    return {right: scope for right, scope in held.items() if right.partition(".")[0] in areas}


@guards("token")
def may_act(method: str, *, may_write: bool) -> bool:
    """Return whether a token may be shown with this method: one that only reads changes nothing."""
    return may_write or method in READS


def secret_in(header: str) -> str:
    """Return the secret of an Authorization header, "" when it holds none of ours."""
    scheme, _space, secret = header.strip().partition(" ")
    secret = secret.strip()
    if scheme.lower() != _SCHEME or not secret.startswith(PREFIX) or len(secret) > _LONGEST:
        return ""
    return secret
