"""Sign the head of the trail we are in, and keep it outside the database: nobody can shorten it unseen."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction

from audit.actions.log_action import log_action
from audit.gateways.heads import append_note, newest_note, trail_locked
from audit.gateways.keys import key_in_use, known_keys
from audit.models import Entry, Head
from audit.policy.note import SignedHead, head_told, opened_note
from contracts.policy.clauses import keeps
from isolation.context import current_context, inside, inside_operator

TRAIL = uuid5(NAMESPACE_URL, "preau:audit-trail")


class Departs(Exception):
    """Raised when a trail isn't the one whose head was signed before: signing would bless what was done."""


def trail_here() -> str:
    """Return the name of the trail of the place we are in: a tenant's id, or "operator"."""
    place = current_context()
    return str(place.tenant_id) if place is not None and place.tenant_id else "operator"


def signed_head() -> SignedHead | None:
    """Return the newest head that was signed of the trail we are in, None for none. Raises BadNote."""
    note = newest_note(trail_here())
    return head_told(opened_note(note, known_keys())) if note is not None else None


@keeps("LG-DCl")
def anchor_head(*, now: datetime, restored: str = "") -> bool:
    """Return whether a head was signed: not while nothing was added since the last.

    A trail that doesn't go on from the head signed before is signed again only where a backup was `restored`,
    and the trail says so with these words. Raises Departs, BadNote.
    """
    trail = trail_here()
    with trail_locked(trail):
        last = signed_head()
        if last is not None and not _goes_on(last):
            if not restored:
                raise Departs(last.origin)
            _tell_restored(last, restored, now)
            last = None  # given up: what stands now is signed, however long it is
        head = Head.objects.first()
        if head is None or head.seq == 0 or (last is not None and last.entries == head.seq):
            return False
        told = SignedHead(f"{settings.PUBLIC_HOST}/audit/{trail}", head.seq, head.hash, now)
        append_note(trail, key_in_use().note(told.text), at=now)
        return True


def _goes_on(last: SignedHead) -> bool:
    """Return whether the entry whose head was signed stands there unchanged."""
    return Entry.objects.filter(seq=last.entries, hash=last.hash).exists()


def _tell_restored(last: SignedHead, words: str, now: datetime) -> None:
    """Write in the trail itself that it goes on from a backup, and which head is given up."""
    facts = {"count": last.entries, "hash": last.hash, "reason": words}
    log_action("trail.restored", by=None, on=TRAIL, at=now, facts=facts)


def anchor_after_commit(*, now: datetime) -> None:
    """Sign the head of the trail we are in once what is being done stands."""
    place = current_context()
    if place is None:
        return
    tenant_id = place.tenant_id

    def sign() -> None:
        with inside(tenant_id) if tenant_id else inside_operator():
            anchor_head(now=now)

    transaction.on_commit(sign, robust=True)
