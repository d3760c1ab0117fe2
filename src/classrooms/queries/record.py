"""What writing an observation needs at hand."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from classrooms.models import Competency
from classrooms.models.students import StudentQuerySet
from classrooms.policy.levels import cycle_of
from classrooms.queries.lists import with_class


def students_to_observe(
    seen: StudentQuerySet, *, class_id: str, pupil_id: str, chosen: Collection[UUID]
) -> StudentQuerySet:
    """Return the pupils to choose among: those of the class asked for, or all someone sees.

    The chosen ones always.
    """
    rows = seen.filter(Q(left_on=None) | Q(pk__in=chosen))
    wanted = _uuid(class_id)
    if wanted:
        in_class = Q(enrolments__school_class=wanted, enrolments__ends_on=None)
        rows = rows.filter(in_class | Q(pk__in=[*chosen, *filter(None, [_uuid(pupil_id)])])).distinct()
        return seen.filter(pk__in=rows.values("pk")).by_name()
    return rows.by_name()


def competencies_for(students: StudentQuerySet, shown: Collection[UUID]) -> Any:
    """Return the competencies of these pupils' cycles, and those that are shown already.

    All when none is known.
    """
    pupils: Any = with_class(students)
    levels = pupils.order_by().values_list("level", "class_name").distinct()
    cycles = {cycle for level, name in levels if (cycle := cycle_of(level or "", name or ""))}
    return (
        Competency.objects.filter(Q(cycle__in=cycles) | Q(pk__in=shown))
        if cycles
        else Competency.objects.all()
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
