"""Whose data has been kept as long as it may be, on a day, and what another period would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from classrooms.models import Guardian, Student
from contracts.policy.annex_b import Category
from contracts.policy.profiles import Profile
from dpa.models import Erasure, RetentionRule
from dpa.policy.retention import KeptDays, ends_on, quiet_days, staff_ends_on
from dpa.queries.holds import held_back
from dpa.queries.promises import retention_days
from dpa.queries.traces import guardians_of_nobody, staff_traces
from people.models import Person
from tenants.queries import tenant_row

WHOLE = "identification"  # a pupil without a name is nobody: all the rest goes with it
AHEAD = (1, 30, 365)  # days from now that are looked at before a period is set


@dataclass(frozen=True, slots=True)
class RetentionDue:
    """Whose data goes: pupils with all of it, pupils with some categories of it, guardians and staff."""

    pupils: list[Student]
    parts: list[tuple[Student, frozenset[str]]]
    guardians: list[Guardian]
    staff: list[Person]


def retention_due(*, on: date, days: Mapping[str, int], is_chosen: bool) -> RetentionDue:
    """Return whose data has been kept long enough on a day, the oldest first.

    `days` says for how many days each category is kept, `is_chosen` whether the controller chose those of
    names. Whoever left, or of whom nothing was recorded any more, goes with all when the period for names is
    over. A guardian stays as long as a pupil they look after.
    """
    tenant = tenant_row()
    ended = tenant.today(tenant.ended_at) if tenant.ended_at else None
    going, held = _going(), held_back(on)
    pupils, parts = [], []
    for student in _quiet(on, min(days.values())):
        if student.pk in held:
            continue
        over = frozenset(one for one, kept in days.items() if _is_over(student, ended, kept, on))
        if WHOLE not in over and over:
            parts.append((student, over))
        elif over and student.pk not in going:
            pupils.append(student)
    kept = KeptDays(days[WHOLE], quiet=quiet_days(days[WHOLE], is_chosen=is_chosen))
    staff = []
    for person, left_on, last_trace_on in staff_traces(on):
        end = staff_ends_on(left_on=left_on, last_trace_on=last_trace_on, ended_on=ended, kept=kept)
        if end is not None and on >= end and person.pk not in held:
            staff.append(person)
    guardians = [one for one in guardians_of_nobody() if not held & {one.pk, one.person_id}]
    return RetentionDue(pupils, parts, guardians, staff)


@dataclass(frozen=True, slots=True)
class RetentionForecast:
    """How many people's data would have gone by a day, if nothing more is recorded about them."""

    on: date
    pupils: int
    parts: int
    adults: int

    def takes_more_than(self, other: RetentionForecast) -> bool:
        """Return whether more of any of them would be gone than by another forecast."""
        return self.pupils > other.pupils or self.parts > other.parts or self.adults > other.adults


def retention_forecast(
    wanted: Mapping[str, int | None], *, profiles: list[Profile], today: date
) -> list[RetentionForecast]:
    """Return what would go by tomorrow, in a month and in a year, were these the controller's periods."""
    chosen = {name: days for name, days in wanted.items() if days is not None}
    days = retention_days(profiles, chosen)
    found = []
    for ahead in AHEAD:
        due = retention_due(on=today + timedelta(days=ahead), days=days, is_chosen=WHOLE in chosen)
        adults = len(due.guardians) + len(due.staff)
        found.append(
            RetentionForecast(today + timedelta(days=ahead), len(due.pupils), len(due.parts), adults)
        )
    return found


def rules_set() -> dict[str, int | None]:
    """Return for how many days the controller keeps each category, None where it set nothing."""
    rules = dict(RetentionRule.objects.values_list("category", "days"))
    return {str(one): rules.get(str(one)) for one in Category}


def _going() -> frozenset[object]:
    rows = Erasure.objects.open().values_list("subjects", flat=True)
    return frozenset(pk for subjects in rows for pk in subjects)


def _quiet(today: date, days: int) -> list[Student]:
    """Return the pupils with a last trace, of whom the shortest period might be over; the oldest first."""
    rows = Student.objects.annotate(seen=Max("observations__observed_on"), scored=Max("results__done_at"))
    return [
        s for s in rows.order_by("created_at", "pk") if (today - _last_trace(s)).days >= days or s.left_on
    ]


def _last_trace(student: Any) -> date:
    seen: date | None = student.seen
    scored: date | None = student.scored.date() if student.scored else None
    begun: date = student.created_at.date()
    return max(trace for trace in (begun, seen, scored) if trace)


def _is_over(student: Student, ended: date | None, days: int, today: date) -> bool:
    end = ends_on(left_on=student.left_on, last_trace_on=_last_trace(student), ended_on=ended, days=days)
    return end is not None and today >= end
