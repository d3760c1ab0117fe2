"""What guardians read, and what tells them to."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse

from classrooms.models import (
    Guardian,
    Guardianship,
    Observation,
    ObservationStudent,
    ReadReceipt,
    Student,
)
from classrooms.models.students import is_here
from classrooms.policy.sharing import ALL, NOTHING, shows_progress
from classrooms.queries.annex import guardians_see
from classrooms.queries.class_page import competencies_of
from classrooms.queries.reading import read_by
from isolation.policy.guards import guards
from people.models import Person
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class SharedObservationMail:
    """What a message about a shared observation is made of."""

    email: str
    language: str
    children: list[str]
    path: str


def shared_notice(*, observation_id: str, guardian_id: str, tenant: Tenant) -> SharedObservationMail | None:
    """Return the message for a guardian, None when it is no longer shared or no longer their business."""
    observation = Observation.objects.shared().filter(pk=observation_id).first()
    guardian = (
        Guardian.objects.select_related("person").filter(pk=guardian_id, person__is_active=True).first()
    )
    if observation is None or guardian is None or guardian.person is None or observation.shared_at is None:
        return None
    if guardians_see(tenant, tenant.today(observation.shared_at)) == NOTHING:
        return None
    rows = Guardianship.objects.filter(is_here("student__"), guardian=guardian)
    rows = rows.filter(student__links__observation=observation)
    children = list(rows.select_related("student"))
    if not children:
        return None
    path = reverse("classrooms:family_child", args=[children[0].student_id], urlconf="config.urls_tenant")
    names = sorted(row.student.first_name for row in children)
    return SharedObservationMail(
        guardian.person.email or guardian.email, guardian.person.language, names, path
    )


def observations_for_family(student_ids: Any, *, sight: str) -> Any:
    """Return the observations about these children that families may read, newest first."""
    rows = Observation.objects.of(student_ids)
    if sight == NOTHING:
        return rows.none()
    return rows.exclude(state="draft") if sight == ALL else rows.shared()


@guards("family")
def progress_seen(student_id: UUID, *, sight: str) -> bool:
    """Return whether families see how far this child is, on a page and on paper."""
    return shows_progress(sight, is_shared=observations_for_family([student_id], sight=sight).exists())


@guards("family")
def competencies_for_family(child: Student, *, sight: str) -> list[tuple[str, int, int, int]]:
    """Return how far a child is by domain, as far as families see it; nothing where they see no progress."""
    if not progress_seen(child.pk, sight=sight):
        return []
    return competencies_of(child, only_shared=sight != ALL)


def news(child: Student, *, guardian: Guardian, sight: str) -> Any:
    """Return a child's observations with all a news page shows, in a bounded number of statements."""
    rows = read_by(observations_for_family([child.pk], sight=sight), None, None)
    mine = Prefetch("readings", ReadReceipt.objects.filter(guardian=guardian), to_attr="mine")
    return rows.prefetch_related(mine).order_by("-shared_at", "-observed_on", "id")


@guards("family")
def may_read(person: Person, observation_id: UUID, *, tenant: Tenant, today: date) -> Observation | None:
    """Return the observation if it is about one of this guardian's children and families may read it."""
    children = Student.objects.active().children_of(person.pk)
    links = ObservationStudent.objects.filter(observation_id=observation_id, student__in=children)
    ids = list(links.values_list("student_id", flat=True))
    if not ids:
        return None
    rows = observations_for_family(ids, sight=guardians_see(tenant, today))
    found: Observation | None = rows.filter(pk=observation_id).first()
    return found
