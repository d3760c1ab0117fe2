"""The seal of a signed quote: one hash over every line, price, term and total."""

import json
from collections.abc import Mapping
from hashlib import sha256

from contracts.policy.clauses import keeps


@keeps("LG-S5.2")
def digest(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of a document's content, the same whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()
