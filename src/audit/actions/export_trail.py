"""Hand the trail we are in over: its entries as they were chained, and the heads of it that were signed."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from audit.actions.anchor import trail_here
from audit.actions.log_action import link_of
from audit.gateways.heads import all_notes, newest_note
from audit.models import Entry


def trail_lines() -> Iterator[str]:
    """Yield each entry as a line of JSON, the oldest first: all that its hash covers, and the hashes.

    The names lie aside, of which the chain holds digests: nobody is named.
    """
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        told = asdict(link_of(entry)) | {"previous_hash": entry.previous_hash, "hash": entry.hash}
        yield json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"


def signed_heads() -> str:
    """Return every note that was signed about the trail, the oldest first, as they are kept."""
    return all_notes(trail_here())


def note_in_hand() -> str | None:
    """Return the note signed last about the trail we are in, None while nothing was signed."""
    return newest_note(trail_here())
