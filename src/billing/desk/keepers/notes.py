"""The keeper of notes: their words go when nothing needs them any longer."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Outcome, keeper, kept_or_moot
from billing.desk.actions.write_note import STORAGE, erase_note


@keeper(STORAGE, kind="note", where="operator")
def keep_note_erasure(obligation: Obligation, *, now: datetime) -> Outcome:
    """Erase the words of a note that is old enough."""
    erased = erase_note(note_id=obligation.subject_id, by=None, now=now)
    return kept_or_moot(erased, "erased before", erased=erased)
