"""What is remembered of a removal: that there was one, when and why, and nothing that names anybody."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hmac import digest
from uuid import UUID

from classrooms.policy.matching import Key, keys
from contracts.policy.months import months_after
from isolation.policy.folding import fold

KEPT_MONTHS = 7
SCHOOL = "school"
REQUEST = "request"
RETENTION = "retention"


def forget_removal_on(removed_on: date) -> date:
    """Return the first day on which a removal is remembered no more: seven calendar months later."""
    return months_after(removed_on, KEPT_MONTHS)


def reason_of(origin: str, *, is_own_wish: bool) -> str:
    """Return why somebody was erased, from on whose word it was and whether they had wished for it."""
    if origin == RETENTION:
        return RETENTION
    return REQUEST if is_own_wish or origin == "user" else SCHOOL


def folded_keys(
    last_name: str, preferred_last_name: str | None, first_name: str, birth_on: date
) -> tuple[Key, ...]:
    """Return what an import recognises a pupil by, however the names are spelled."""
    return keys(fold(last_name), fold(preferred_last_name or ""), fold(first_name), birth_on)


@dataclass(frozen=True, slots=True)
class Digester:
    """Makes the digests kept in place of names and addresses: alike in one tenant, and only with the key."""

    key: bytes
    tenant: UUID

    def of_student(self, names: Iterable[Key]) -> frozenset[str]:
        """Return a pupil's digests: one for each name they are recognised by."""
        return frozenset(self._made("student", *_texts(key)) for key in names)

    def of_guardian(self, email: str) -> str:
        """Return the digest of an address."""
        return self._made("guardian", fold(email.strip()))

    def of_link(self, email: str, names: Iterable[Key]) -> frozenset[str]:
        """Return the digests of an address beside a pupil."""
        return frozenset(self._made("link", fold(email.strip()), *_texts(key)) for key in names)

    def _made(self, *parts: str) -> str:
        return digest(self.key, "\x1f".join((self.tenant.hex, *parts)).encode(), "sha256").hex()


def _texts(key: Key) -> tuple[str, str, str]:
    last, first, birth_on = key
    return last, first, birth_on.isoformat()


@dataclass(frozen=True, slots=True)
class Removed:
    """What is remembered of somebody: why they were removed and on which day."""

    reason: str
    removed_on: date
    digests: frozenset[str] = frozenset()


class Memory:
    """The removals a tenant remembers, to be asked about the lines of a file."""

    def __init__(self, rows: Mapping[str, tuple[str, date]], digester: Digester | None = None):
        self._rows = rows
        self._digester = digester

    def student(self, names: Iterable[Key]) -> Removed | None:
        """Return what is remembered of a pupil of these names, None for nothing."""
        return self._found(self._digester.of_student(names)) if self._rows and self._digester else None

    def guardian(self, email: str, names: Iterable[Key]) -> Removed | None:
        """Return what is remembered of this guardian of this pupil, or of the guardian at all."""
        if not self._rows or not self._digester:
            return None
        return self._found({self._digester.of_guardian(email), *self._digester.of_link(email, names)})

    def _found(self, digests: Collection[str]) -> Removed | None:
        """Return the newest of the removals under these digests."""
        hits = {digest: self._rows[digest] for digest in digests if digest in self._rows}
        if not hits:
            return None
        reason, removed_on = max(hits.values(), key=lambda row: (row[1], row[0]))
        return Removed(reason, removed_on, frozenset(hits))


NOTHING = Memory({})
