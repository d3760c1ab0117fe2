"""Close an account, and what apps above do with it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from people.actions.deactivate_person import deactivate_person
from people.models import Person


@transaction.atomic
def close_account(
    *, person: Person, by: Person, now: datetime, then: Callable[[], None] | None = None
) -> None:
    """Close an account at once, with what goes with it: both or neither.

    Raises CannotGive, LastAdministrator.
    """
    deactivate_person(person=person, by=by, now=now)
    if then is not None:
        then()
