"""A class at one glance, in a number of statements that doesn't grow with its pupils."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.utils.translation import get_language

from classrooms.models import (
    Competency,
    Guardianship,
    Observation,
    ObservationCompetency,
    ObservationStudent,
    SchoolClass,
    Student,
    Teaching,
)
from classrooms.models.ordering import by_name
from classrooms.policy.family import NO_GUARDIAN, Family, family_state
from classrooms.policy.levels import cycle_of
from classrooms.policy.names import name_key
from classrooms.queries.circles import students_seen_by
from classrooms.registry import Points, progress
from people.models import Person

Scope = Callable[[str], str | None]
QUIET_DAYS = 14
NEVER = (None, None)


@dataclass(slots=True)
class Row:
    """One pupil in the class's table."""

    id: UUID
    first_name: str
    last_name: str
    points: list[int | None]
    observed_on: date | None
    domain: str
    family: str


@dataclass(slots=True)
class ClassPage:
    """All a class's page shows."""

    rows: list[Row]
    size: int
    teachers: list[Any]
    invited: int
    joined: int
    drafts: int
    answers: int
    quiet: list[tuple[Row, int | None]] = field(default_factory=list)
    competencies: list[tuple[str, int, int, int]] = field(default_factory=list)


def class_page(
    school_class: SchoolClass, *, person: Person, scope: Scope, today: date, now: datetime, words: str = ""
) -> ClassPage:
    """Return a class's page: pupils with progress, last observation and family, and what is to do today.

    `reach` says how far each right of the reader goes: pupils, results and record each stay within their own.
    """
    wanted = name_key(words)
    seen = students_seen_by(person, scope("students.read")).in_class(school_class).active()
    students = list(_students(seen))
    ids = [row["id"] for row in students]
    observed, scored = (
        within(ids, person, scope, permission) for permission in ("record.read", "results.read")
    )
    points = progress(scored, until=today)
    read = set(observed)
    families = _families(ids)
    rows = [_row(student, points, families, read) for student in students]
    drafts, answers = _to_do(observed, person, now)
    page = ClassPage(
        rows=[row for row in rows if wanted in name_key(f"{row.first_name}{row.last_name}")],
        size=len(rows),
        teachers=_teachers(school_class),
        invited=sum(family.invited for family in families.values()),
        joined=sum(family.joined for family in families.values()),
        drafts=drafts,
        answers=answers,
    )
    silent = [(row, _silent(row, today)) for row in rows if row.id in read]
    page.quiet = [(row, days) for row, days in silent if days is None or days >= QUIET_DAYS]
    page.competencies = competency_counts(observed, cycle=school_class.cycle)
    return page


def within(ids: list[UUID], person: Person, scope: Scope, permission: str) -> list[UUID]:
    """Return those of these pupils that a right reaches.

    No statement when it reaches as far as seeing them does.
    """
    if scope(permission) in {"all", scope("students.read")}:
        return ids
    mine = set(students_seen_by(person, scope(permission)).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in mine]


def _students(seen: Any) -> Any:
    """Return the pupils with the day and the domain of their last observation."""
    english = (get_language() or "fr").startswith("en")
    last = ObservationStudent.objects.filter(student_id=OuterRef("pk")).exclude(observation__state="draft")
    last = last.order_by("-observation__observed_on", "-observation__created_at")
    domain = (
        "observation__shown__competency__domain_en"
        if english
        else "observation__shown__competency__domain_fr"
    )
    rows = seen.annotate(
        observed_on=Subquery(last.values("observation__observed_on")[:1]),
        domain=Subquery(last.values(domain)[:1]),
    )
    fields = ("id", "first_name", "last_name", "preferred_last_name", "observed_on", "domain")
    return rows.order_by(*by_name()).values(*fields)


def _row(
    student: Mapping[str, Any], points: Points, families: Mapping[UUID, Family], observed: Collection[UUID]
) -> Row:
    is_read = student["id"] in observed
    return Row(
        id=student["id"],
        first_name=student["first_name"],
        last_name=student["preferred_last_name"] or student["last_name"],
        points=points.get(student["id"], []),
        observed_on=student["observed_on"] if is_read else None,
        domain=(student["domain"] or "") if is_read else "",
        family=family_state(families.get(student["id"], NO_GUARDIAN)),
    )


def _families(ids: list[UUID]) -> dict[UUID, Family]:
    """Return what each pupil's guardians have done: two statements."""
    counted = (
        Guardianship.objects.filter(student_id__in=ids)
        .values("student_id")
        .annotate(
            guardians=Count("id"),
            invited=Count("id", filter=~Q(guardian__invited_at=None) | ~Q(guardian__person=None)),
            joined=Count("id", filter=~Q(guardian__person=None)),
        )
    )
    theirs = Q(observation__readings__guardian__guardianships__student_id=F("student_id"))
    rows = ObservationStudent.objects.filter(student_id__in=ids, observation__state="shared").values(
        "student_id"
    )
    rows = rows.annotate(
        shared=Max("observation__shared_at"), read=Max("observation__shared_at", filter=theirs)
    )
    times = {
        student_id: (shared, read)
        for student_id, shared, read in rows.values_list("student_id", "shared", "read")
    }
    return {
        row["student_id"]: Family(
            guardians=row["guardians"],
            invited=row["invited"],
            joined=row["joined"],
            last_shared_at=times.get(row["student_id"], NEVER)[0],
            last_read_at=times.get(row["student_id"], NEVER)[1],
        )
        for row in counted
    }


def _teachers(school_class: SchoolClass) -> list[Any]:
    rows = Teaching.objects.filter(school_class=school_class, ends_on=None).select_related("person")
    return [row.person for row in rows.order_by(*by_name("person__"))]


def _to_do(ids: list[UUID], person: Person, now: datetime) -> tuple[int, int]:
    """Return the author's drafts about these pupils, and the answers families gave in the last week."""
    about = ObservationStudent.objects.filter(student_id__in=ids).values("observation_id")
    lately = Q(readings__answered_at__gte=now - timedelta(days=7)) & ~Q(readings__answer="")
    found = Observation.objects.filter(pk__in=about).aggregate(
        drafts=Count("pk", filter=Q(state="draft", author_id=person.pk), distinct=True),
        answers=Count("readings", filter=lately, distinct=True),
    )
    return found["drafts"], found["answers"]


def _silent(row: Row, today: date) -> int | None:
    return (today - row.observed_on).days if row.observed_on else None


def competencies_of(student: Student, *, only_shared: bool = False) -> list[tuple[str, int, int, int]]:
    """Return how far a pupil is by domain of the cycle of their class, or else of their level.

    The same on every page and on paper.
    """
    enrolment = student.enrolments.filter(ends_on=None).select_related("school_class").first()
    in_class = enrolment.school_class if enrolment else None
    cycle = (in_class.cycle if in_class else None) or cycle_of(student.level, "")
    return competency_counts([student.pk], cycle=cycle, only_shared=only_shared)


def competency_counts(
    ids: list[UUID], *, cycle: int | None, only_shared: bool = False
) -> list[tuple[str, int, int, int]]:
    """Return per domain of a cycle how many (pupil, competency) pairs are acquired, in progress, to come.

    The last observation of a pair counts; a pair never observed is to come.
    """
    competencies = list(Competency.objects.filter(cycle=cycle)) if cycle and ids else []
    shown = ObservationCompetency.objects.filter(
        observation__links__student_id__in=ids, competency__in=[c.pk for c in competencies]
    ).exclude(observation__state="draft")
    if only_shared:
        shown = shown.filter(observation__state="shared")
    ordered = shown.order_by("observation__observed_on", "observation__created_at")
    last = {
        pair[:2]: pair[2]
        for pair in ordered.values_list("observation__links__student_id", "competency_id", "level")
    }
    levels: dict[str, Counter[str]] = defaultdict(Counter)
    for competency in competencies:
        for student_id in ids:
            levels[competency.domain][last.get((student_id, competency.pk), "coming")] += 1
    return [(name, found["acquired"], found["progress"], found["coming"]) for name, found in levels.items()]
