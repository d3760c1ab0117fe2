"""Whom we may name as a reference: a professional who agreed to it, for as long as they do."""

from datetime import date

from contracts.policy.clauses import keeps

CONSUMER = "consumer"


class NotAReference(ValueError):
    """Raised when a consumer would be named: only professionals' names and logos may be."""


@keeps("LG-S26")
def check_reference(client: str) -> None:
    """Raise NotAReference unless a client of this kind may be named: a professional or a public body."""
    if client == CONSUMER:
        raise NotAReference(client)


@keeps("LG-S26")
def may_be_named(client: str, *, agreed_on: date, revoked_on: date | None, on: date) -> bool:
    """Return whether a client's name and logo may be shown on a day: agreed to, and not taken back by
    then.
    """
    return client != CONSUMER and agreed_on <= on and (revoked_on is None or on < revoked_on)
