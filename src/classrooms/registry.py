"""What the classroom asks of apps above it: how pupils progress, what a school added to its annex B, and who
is being deleted.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from people.requests import TenantRequest

Points = Mapping[UUID, list[int | None]]
Progress = Callable[..., Points]
Annex = Callable[[], Mapping[str, frozenset[str]]]
Leaving = Callable[[Collection[UUID]], Collection[UUID]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pupil's or a class's page that an app above adds: a template and what it shows."""

    permission: str
    template: str
    context: Callable[..., dict[str, Any] | None]
    order: int = 50


_PROGRESS: list[Progress] = []
_ANNEXES: list[Annex] = []
_LEAVING: list[Leaving] = []
_SECTIONS: dict[str, list[Section]] = {"student": [], "class": []}


def progress_source(find: Progress) -> Progress:
    """Register who knows progress: `find(student_ids, until=day, weeks=12)` gives the mean score of each
    week, in order, None for a week without results; a pupil without any is left out.
    """
    _PROGRESS[:] = [find]
    return find


def progress(student_ids: Collection[UUID], *, until: date, weeks: int = 12) -> Points:
    """Return the weekly scores of these pupils; nothing when no app measures any."""
    return _PROGRESS[0](student_ids, until=until, weeks=weeks) if _PROGRESS and student_ids else {}


def annex_source(find: Annex) -> Annex:
    """Register who knows what the controller added to its annex B.

    `find()` gives fields by data subject, in the tenant.
    """
    _ANNEXES[:] = [find]
    return find


def added_to_annex() -> Mapping[str, frozenset[str]]:
    """Return what the controller added to its annex B."""
    return _ANNEXES[0]() if _ANNEXES else {}


def leaving_source(find: Leaving) -> Leaving:
    """Register who knows whose deletion is under way: `find(ids)` gives those of them, in the tenant."""
    _LEAVING[:] = [find]
    return find


def leaving(ids: Collection[UUID]) -> Collection[UUID]:
    """Return which of these pupils, guardians and accounts are being deleted."""
    return _LEAVING[0](ids) if _LEAVING and ids else frozenset()


def section(
    page: str,
    *,
    permission: str,
    template: str,
    context: Callable[..., dict[str, Any] | None],
    order: int = 50,
) -> None:
    """Add a part to a page: "student" calls `context(request, student)`, "class" `context(request,
    school_class)`.
    """
    _SECTIONS[page].append(Section(permission, template, context, order))


def sections(page: str, request: TenantRequest, subject: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the parts of a page that this person may see, in order: template and context."""
    shown = (
        item
        for item in sorted(_SECTIONS[page], key=lambda item: item.order)
        if item.permission in request.permissions
    )
    return [(item.template, found) for item in shown if (found := item.context(request, subject)) is not None]
