"""Prove that the audit trail is whole."""

from dataclasses import dataclass

from audit.actions.log_action import link_of
from audit.models import Entry, Head
from audit.policy.chain import START, link_hash, missing_part_is_accepted, personal_digest
from audit.registry import erased_people


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: how many entries, how many parts erased, and the first break, if any."""

    entries: int
    erased_parts: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        """Return whether nothing was changed, removed or put in."""
        return self.broken_at is None


def verify() -> Verdict:
    """Return the verdict on the chain of the place we are in, read from its start to its head."""
    erased = {str(i) for i in erased_people()}
    previous = START
    seq = 0
    missing = 0
    for entry in Entry.objects.order_by("seq").select_related("personal").iterator(chunk_size=2000):
        seq += 1
        reason, gone = _fault(entry, seq, previous, erased)
        if reason:
            return Verdict(seq, missing, entry.seq, reason)
        missing = missing + gone
        previous = entry.hash
    head = Head.objects.first()
    if head is not None and (head.seq, head.hash) != (seq, previous):
        return Verdict(seq, missing, seq + 1, "the last entries are missing")
    return Verdict(seq, missing)


def _fault(entry: Entry, seq: int, previous: str, erased: set[str]) -> tuple[str, int]:
    if entry.seq != seq:
        return "an entry is missing before this one", 0
    if entry.previous_hash != previous or entry.hash != link_hash(previous, link_of(entry)):
        return "this entry was changed", 0
    if not entry.personal_digest:
        return "", 0
    kept = getattr(entry, "personal", None)
    if kept is None:
        people = [str(p) for p in (*entry.about, entry.subject_id, entry.actor_id) if p]
        return ("", 1) if missing_part_is_accepted(people, erased) else ("its personal part is missing", 0)
    changed = personal_digest(bytes(kept.salt), kept.part) != entry.personal_digest
    return ("its personal part was changed" if changed else ""), 0
