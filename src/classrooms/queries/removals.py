"""What is remembered of removals."""

from datetime import date

from audit.gateways.keys import known_secret
from classrooms.models import Removal, Student
from classrooms.models.removals import KEY
from classrooms.policy.matching import Key
from classrooms.policy.removals import NOTHING, Digester, Memory, Removed, folded_keys
from isolation.context import current_tenant_id


def memory(today: date) -> Memory:
    """Return the removals the tenant remembers on a day.

    Where the key is lost, nothing that was remembered is recognised any more.
    """
    key = known_secret(KEY)
    if key is None:
        return NOTHING
    rows = Removal.objects.remembered(today).values_list("digest", "reason", "removed_on")
    return Memory({digest: (reason, day) for digest, reason, day in rows}, Digester(key, current_tenant_id()))


def names_of(student: Student) -> tuple[Key, ...]:
    """Return what an import recognises a pupil by."""
    return folded_keys(student.last_name, student.preferred_last_name, student.first_name, student.birth_on)


def removal_of_guardian(*, student: Student, email: str, today: date) -> Removed | None:
    """Return what is remembered of a guardian who was removed from this pupil, or at all."""
    return memory(today).guardian(email, names_of(student))
