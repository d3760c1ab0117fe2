"""The keeper of the time of contacts: whose is over is forgotten."""

from datetime import datetime

from agenda.models import Obligation
from agenda.registry import Kept, Outcome, keeper
from billing.desk.actions.erase_contact import ROUND, forget_old_contacts, promise_next_round, promise_rounds
from billing.desk.actions.write_note import STORAGE
from tenants.registry import on_migrated

on_migrated(promise_rounds)


@keeper(STORAGE, kind=ROUND, where="operator")
def keep_contacts_round(obligation: Obligation, *, now: datetime) -> Outcome:
    """Forget the contacts whose three years are over, and come back tomorrow."""
    forgotten = forget_old_contacts(now=now)
    promise_next_round(now=now)
    return Kept(at=now, contacts=forgotten)
