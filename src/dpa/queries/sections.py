"""Parts of other apps' pages that lead to the privacy centre."""

from typing import Any
from uuid import UUID

from classrooms.queries.circles import observations_seen_by
from dpa.models import BreachNotice, BreachResponse, DataBreach, DataRequest, Erasure, Instruction
from dpa.policy.requests import REMIND_BEFORE
from dpa.queries.breaches import clock_of, is_ours, notices_here, response_to
from dpa.queries.processors import open_objections
from dpa.queries.requests import received_rows
from exports.gateways.fonts import undrawn_here
from exports.labels import undrawn_in_words
from people.requests import ConsoleRequest, TenantRequest

MAX_WAITING = 7


def on_paper(request: TenantRequest, student: Any) -> dict[str, Any]:
    """Return what the record's links need on a pupil's page, and which of its characters paper can't show."""
    seen = observations_seen_by(request.person, request.scope("record.read")).of([student.pk])
    texts = (student.full_name, *seen.values_list("text", flat=True))
    may_export = "exports.ask" in request.permissions
    return {"student": student, "may_export": may_export, "undrawn": undrawn_in_words(undrawn_here(texts))}


def class_export(request: TenantRequest, school_class: Any) -> dict[str, Any]:
    """Return what the export's button needs on a class's page."""
    return {"school_class": school_class}


def waiting(request: TenantRequest) -> int | None:
    """Return how many requests wait for the controller's word, None when there are none or they aren't
    theirs.
    """
    if "erasures.write" not in request.permissions:
        return None
    wishes: Any = Erasure.objects.filter(state=Erasure.State.WAITING).order_by().values("pk")
    return wishes.union(DataRequest.objects.open().order_by().values("pk")).count() or None


def breaches_to_decide(request: TenantRequest) -> dict[str, Any] | None:
    """Return the breaches on which the controller hasn't decided, with their clocks; None without any."""
    rows: dict[UUID, list[BreachNotice]] = {}
    for notice in notices_here(request.tenant.pk):
        rows.setdefault(notice.breach_id, []).append(notice)
    decided = set(BreachResponse.objects.exclude(authority="open").values_list("breach_id", flat=True))
    waiting = [
        {"notice": told[-1], "clock": clock_of(told, response_to(breach_id, is_drill=told[0].is_drill))}
        for breach_id, told in rows.items()
        if breach_id not in decided
    ]
    return {"rows": waiting} if waiting else None


def requests_waiting(request: TenantRequest) -> dict[str, Any] | None:
    """Return the requests about data that wait for an answer, the most urgent first; None without any."""
    if is_ours(request.tenant, request.now):
        return None
    rows = list(DataRequest.objects.open().order_by("due_at"))
    more = max(0, len(rows) - MAX_WAITING)
    told = {"rows": rows[:MAX_WAITING], "more": more, "now": request.now, "soon": request.now + REMIND_BEFORE}
    return told if rows else None


def to_do(request: TenantRequest) -> dict[str, Any] | None:
    """Return the requests that wait and the deletions that can still be undone, None when there are none."""
    rows = Erasure.objects.filter(state__in=(Erasure.State.WAITING, Erasure.State.REQUESTED))
    states = list(rows.values_list("state", flat=True))
    if not states:
        return None
    return {
        "waiting": states.count(Erasure.State.WAITING),
        "undoable": states.count(Erasure.State.REQUESTED),
    }


def desk_waiting(_request: ConsoleRequest) -> int | None:
    """Return how many breaches, objections, requests and instructions wait, None when there are none."""
    breaches = DataBreach.objects.filter(state=DataBreach.State.OPEN, is_drill=False).count()
    told = Instruction.objects.filter(state=Instruction.State.OPEN).count()
    return breaches + open_objections() + len(received_rows(only_open=True)) + told or None
