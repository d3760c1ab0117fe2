"""Give a school whose administrator has left a new one, at the word of the customer's signatory."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from isolation.context import inside
from people.actions.end_sessions import end_sessions
from people.actions.invite import invite
from people.models import Invitation, Person
from people.queries import day_here, lasting_administrators
from tenants.models import Tenant


@transaction.atomic
def name_administrator(
    *, tenant: Tenant, email: str, asked_by: str, document: str, close_former: bool, by: Person, now: datetime
) -> Invitation:
    """Return the invitation of a school's new administrator.

    Called as the operator, audited there and in the school.

    `asked_by` is the customer's signatory, `document` the reference of their written demand. `close_former`
    closes the accounts of those who held the keys. The address is in the school's trail alone, on its
    personal side, where erasing the person reaches it: the operator's trail names the invitation. Raises
    AlreadyHere when the address signs in there already.
    """
    demand = {"asked_by": asked_by, "document": document}
    with inside(tenant):
        closed = _close_former(now) if close_former else 0
        invitation = invite(email=email, role_key="administrator", by=None, now=now, language=tenant.language)
        personal = demand | {"email": email}
        log_action(
            "administrator.named", by=by, on=invitation, at=now, facts={"closed": closed}, personal=personal
        )
    facts = {"invitation": str(invitation.pk), "closed": closed}
    log_action("tenant.administrator_named", by=by, on=tenant, at=now, facts=facts, personal=demand)
    return invitation


def _close_former(now: datetime) -> int:
    former = sorted(lasting_administrators(day_here(now)))
    Person.objects.filter(pk__in=former).update(is_active=False, closed_for=None)
    end_sessions(person_ids=former, by=None, now=now)
    for person_id in former:
        log_action("person.deactivated", by=None, on=person_id, at=now, about=[person_id])
    return len(former)
