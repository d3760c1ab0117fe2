"""What a payment pays: never more than it brought, never more than is owed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """How many cents of a payment go to one invoice."""

    key: str
    cents: int


def allocate(cents: int, owed: Iterable[tuple[str, int]]) -> tuple[list[Share], int]:
    """Return what goes to each invoice, the first asked first, and what is left over.

    `owed` is (invoice, balance in cents) in order of their claim. Raises ValueError on a negative amount.
    """
    left, shares = cents, []
    if cents < 0:
        raise ValueError("a payment is never negative")
    for key, balance in owed:
        if balance < 0:
            raise ValueError("a balance is never negative")
        if part := min(left, balance):
            shares.append(Share(key, part))
            left -= part
    return shares, left
