"""Prove that the audit trail is whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.actions.anchor import signed_head
from audit.actions.log_action import link_of
from audit.models import Entry, Head
from audit.policy.chain import START, link_hash, missing_part_is_accepted, personal_digest
from audit.policy.note import BadNote, SignedHead
from audit.registry import erased_people

UNSIGNED_AT_MOST = timedelta(hours=3)  # it is signed every hour


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


def verify(*, now: datetime | None = None) -> Verdict:
    """Return the verdict on the chain of the place we are in, read from its start to its head.

    It must also be the chain whose head was signed last, outside the database; asked at `now`, that must have
    been within hours.
    """
    try:
        signed = signed_head()
    except BadNote as wrong:
        return Verdict(0, 0, 0, f"the signed head can't be trusted: {wrong}")
    erased = {str(i) for i in erased_people()}
    unsigned_since: datetime | None = None
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
        if signed is not None and seq == signed.entries and entry.hash != signed.hash:
            return Verdict(seq, missing, seq, f"it departs from the head signed at {signed.at.isoformat()}")
        if unsigned_since is None and (signed is None or seq > signed.entries):
            unsigned_since = entry.at
    head = Head.objects.first()
    if (head.seq, head.hash) != (seq, previous) if head is not None else seq > 0:
        return Verdict(seq, missing, seq + 1, "the last entries are missing, or their head is")
    late = now is not None and unsigned_since is not None and now - unsigned_since > UNSIGNED_AT_MOST
    return Verdict(seq, missing, *_against(signed, seq, is_late=late))


def _against(signed: SignedHead | None, seq: int, *, is_late: bool) -> tuple[int | None, str]:
    """Return where and why a whole chain isn't the one that was signed, (None, "") where it is."""
    if signed is not None and signed.entries > seq:
        return seq + 1, f"{signed.entries} entries stood there at {signed.at.isoformat()}"
    if is_late:
        return (signed.entries if signed else 0) + 1, "no head was signed since this entry"
    return None, ""


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
