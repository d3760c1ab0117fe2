"""Where acceptance of the terms is asked, and what proves it."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from contracts.policy.clauses import keeps


@keeps("LG-U1")
def must_accept(
    *, in_force: Collection[UUID], accepted: Collection[UUID], is_public: bool = False
) -> frozenset[UUID]:
    """Return the versions of the terms to accept before going on; nothing on a public page.

    Acceptance is asked on entering an authenticated area, of each version in force that wasn't accepted yet.
    """
    if is_public:
        return frozenset()
    return frozenset(in_force) - frozenset(accepted)


def proof(*, person_id: UUID, terms_id: UUID, text: str, at: datetime) -> str:
    """Return a fingerprint that ties a person, the exact text they accepted and the time in UTC."""
    said = "\n".join((str(person_id), str(terms_id), sha256(text.encode()).hexdigest(), at.isoformat()))
    return sha256(said.encode()).hexdigest()
