"""A quote signed on paper comes back as a PDF: what is taken, and what is refused."""

from hashlib import sha256

from contracts.policy.clauses import keeps

MAX_BYTES = 10 * 1024 * 1024

HEAD = 1024

TAIL = 2048


class NotAPdf(ValueError):
    """Raised on a file that isn't a whole PDF, whatever its name says."""


class TooLarge(ValueError):
    """Raised on a file above the limit."""


@keeps("LG-S5.2")
def seal_of_pdf(content: bytes) -> str:
    """Return the SHA-256 of a signed quote's PDF, kept with who signed and in which capacity.

    The file must begin and end as a PDF does, and weigh at most 10 MB. Raises NotAPdf, TooLarge.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(len(content))
    if b"%PDF-" not in content[:HEAD] or b"%%EOF" not in content[-TAIL:]:
        raise NotAPdf
    return sha256(content).hexdigest()
