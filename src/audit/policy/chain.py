"""The hash chain of the audit trail: what was written can't be changed unseen."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What one entry's hash covers, as plain values."""

    seq: int
    at: str
    verb: str
    actor_id: str
    subject_type: str
    subject_id: str
    facts: dict[str, Any]
    about: list[str]
    personal_digest: str


def link_hash(previous: str, link: Link) -> str:
    """Return the hash of an entry, which covers the hash of the one before it. Hex, 64 characters."""
    values = [link.seq, link.at, link.verb, link.actor_id, link.subject_type, link.subject_id]
    return sha256(_canonical([previous, *values, link.facts, link.about, link.personal_digest])).hexdigest()


def personal_digest(salt: bytes, part: dict[str, Any]) -> str:
    """Return the salted digest that stays when the personal part itself is erased; "" for no part.

    The salt lies with the part, so that what remains can't be guessed from a list of names.
    """
    return sha256(salt + _canonical(part)).hexdigest() if part else ""


def missing_part_is_accepted(about: list[str], erased: set[str]) -> bool:
    """Return whether a personal part may be missing.

    Only when the erasure ledger names somebody it was about.
    """
    return any(person in erased for person in about)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
