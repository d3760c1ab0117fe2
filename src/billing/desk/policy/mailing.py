"""Who gets a mail when many documents are sent at once: each recipient one, with all of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to send: its key and number, whose it is, who speaks for them ("": nobody is known)."""

    key: str
    number: str
    customer: str
    contact: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: to whom, about which documents (key, number), in the order they were asked."""

    customer: str
    contact: str
    documents: tuple[tuple[str, str], ...]


def letters(wanted: Iterable[Wanted]) -> list[Letter]:
    """Return one mail per recipient with each document once.

    What has no recipient is told apart by customer.
    """
    found: dict[str, dict[str, str]] = {}
    owners: dict[str, tuple[str, str]] = {}
    for each in wanted:
        who = each.contact or each.customer
        owners.setdefault(who, (each.customer, each.contact))
        found.setdefault(who, {})[each.key] = each.number
    return [Letter(*owners[who], tuple(documents.items())) for who, documents in found.items()]
