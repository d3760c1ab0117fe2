"""Correct an account: names, address, language."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from audit.actions import log_action
from people.actions.create_person import AddressTaken
from people.actions.guard import must_be_able_to_give
from people.models import Person
from people.policy.roles import ALL
from people.queries import day_here, rights_promised

FIELDS = ("first_name", "last_name", "email", "language")


@transaction.atomic
def change_person(*, person: Person, by: Person | None, now: datetime, **values: str) -> Person:
    """Return the person with new `first_name`, `last_name`, `email` or `language`. Raises AddressTaken.

    An address changed by somebody else isn't verified, and only changed by who holds everywhere all that the
    account gives or will give, be it closed: it could ask for a password. Raises CannotGive then.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    before = {name: getattr(row, name) or "" for name in FIELDS if name in values}
    after = {name: values[name].strip() for name in before}
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return row
    if "email" in changed:
        if by is not None and by.pk != row.pk:
            today = day_here(now)
            must_be_able_to_give(by, dict.fromkeys(rights_promised(row.pk, today=today), ALL), today=today)
        _move_address(row, after["email"].lower())
    for name in changed:
        setattr(row, name, after[name])
    row.save()
    personal = {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
    log_action(
        "person.changed", by=by, on=row, at=now, facts={"fields": changed}, personal=personal, about=[row.pk]
    )
    return row


def _move_address(person: Person, email: str) -> None:
    if email and Person.objects.filter(email=email).exclude(pk=person.pk).exists():
        raise AddressTaken(email)
    EmailAddress.objects.filter(user=person).delete()
    if email:
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
