"""Whom we may name as a reference: a professional who agreed to it, for as long as they do."""

from datetime import date

CONSUMER = "consumer"


class NotAReference(ValueError):
    """Raised when a consumer would be named: only professionals' names and logos may be."""


def check_reference(client: str) -> None:
    """Raise NotAReference unless a client of this kind may be named: a professional or a public body.

    Clause: LG-S26
    """
    if client == CONSUMER:
        raise NotAReference(client)


def may_be_named(client: str, *, agreed_on: date, revoked_on: date | None, on: date) -> bool:
    """Return whether a client's name and logo may be shown on a day: agreed to, and not taken back by then.

    Clause: LG-S26
    """
    return client != CONSUMER and agreed_on <= on and (revoked_on is None or on < revoked_on)
