"""Remember removals for seven months, as keyed digests, and forget them."""

from collections.abc import Collection, Iterable
from datetime import date

from audit.gateways.keys import secret_key
from classrooms.models import Guardian, Removal, Student
from classrooms.models.removals import KEY
from classrooms.policy.removals import SCHOOL, Digester, forget_removal_on
from classrooms.queries.removals import names_of
from isolation.context import current_tenant_id


def remember_link(*, student: Student, guardian: Guardian, today: date) -> None:
    """Remember that the school took a pupil out of a guardian's sight."""
    digests = _digester().of_link(guardian.email, names_of(student))
    _remember(((Removal.Kind.LINK, digest) for digest in digests), SCHOOL, today)


def remember_erased(
    *, students: Iterable[Student], guardians: Iterable[Guardian], reason: str, on: date
) -> None:
    """Remember that these pupils and guardians were erased on a day."""
    digester = _digester()
    found = [
        (Removal.Kind.STUDENT, digest)
        for student in students
        for digest in digester.of_student(names_of(student))
    ]
    found += [(Removal.Kind.GUARDIAN, digester.of_guardian(guardian.email)) for guardian in guardians]
    _remember(found, reason, on)


def forget_removals(digests: Collection[str]) -> int:
    """Return how many removals are remembered no more: those of who was brought back."""
    return Removal.objects.filter(digest__in=digests).delete()[0] if digests else 0


def forget_old_removals(*, today: date) -> int:
    """Return how many removals went because they were remembered for seven months."""
    return Removal.objects.over(today).delete()[0]


def _digester() -> Digester:
    return Digester(secret_key(KEY), current_tenant_id())


def _remember(found: Iterable[tuple[str, str]], reason: str, removed_on: date) -> None:
    forget_on = forget_removal_on(removed_on)
    rows = {
        digest: Removal(kind=kind, digest=digest, reason=reason, removed_on=removed_on, forget_on=forget_on)
        for kind, digest in found
    }
    Removal.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["kind", "reason", "removed_on", "forget_on"],
    )
