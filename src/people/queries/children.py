"""For whom an adult answers here."""

from datetime import date

from people.models import Person
from people.policy.doors import knows_guardians
from tenants.models import Tenant


def is_child(person: Person | None, tenant: Tenant | None, *, on: date) -> bool:
    """Return whether an adult answers for this account: a pupil's, where the product knows guardians.

    A learner of a campus, a training or a residence is a student too, and answers for themselves.
    """
    if person is None or tenant is None or not person.is_student:
        return False
    return knows_guardians(profile.guardians_see_if_added for profile in tenant.profiles(on))
