"""What the pages about people's requests show, and what their actions read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from classrooms.models import Guardian, Student
from contracts.gateways.profiles import load
from contracts.policy.clauses import keeps
from dpa.models import DataRequest, Erasure, Instruction, ReceivedRequest
from dpa.policy.requests import AnswerClock, AnswerTime, DataRight, answer_clock
from dpa.queries.breaches import is_ours
from dpa.queries.subjects import Subjects, subjects_of
from isolation.context import inside
from people.models import Person
from tenants.models import Tenant
from tenants.queries import names_of, tenant_row

ANSWER = "rights-answer"
FORWARD_CLAUSE = "LG-D10.1"
FORWARD = "rights-forward"
FORWARD_ALARM = "rights-forward-alarm"
_USUAL = AnswerTime(1, 0, "GDPR-12.3")  # where no contract runs any more


def forward_hours() -> int:
    """Return within how many hours a request is forwarded: the least any contract promises, as it may not be
    known yet whose it is.
    """
    every = [versions[-1].rights.forward_hours for versions in load().values()]
    return min(hours for hours in every if hours)


def clock_here(received_at: datetime) -> AnswerClock:
    """Return by when a request is answered in the tenant we are inside."""
    tenant = tenant_row()
    on = tenant.today(received_at)
    times = [
        AnswerTime(profile.rights.months, profile.rights.days, profile.rights.clause)
        for profile in tenant.profiles(on)
    ]
    times = times or [_USUAL]
    return answer_clock(received_at=received_at, received_on=on, times=times)


def requests_here(*, state: str = "") -> Any:
    """Return the requests of the tenant we are inside, those to be answered by their day first."""
    rows = DataRequest.objects.all()
    return rows.filter(state=state) if state else rows


def request_with(request_id: UUID) -> DataRequest | None:
    """Return a request of the tenant we are inside."""
    return DataRequest.objects.filter(pk=request_id).first()


def requests_of(person: Person) -> list[DataRequest]:
    """Return what somebody asked themselves."""
    return list(DataRequest.objects.filter(person_id=person.pk))


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a request is about: what they are called, and where their page is."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is prepared for an answer: what to do, where, and whether it is a form's button."""

    label: str
    url: str
    is_post: bool = False
    icon: str = "arrow-right"


def named(request: DataRequest) -> list[Named]:
    """Return whom a request is about, frozen or not; who is erased has no name any more."""
    found = subjects_of(request.subjects) if request.subjects else None
    if found is None:
        return []
    pupils = [
        Named(one.full_name, "" if one.hidden_at else reverse("classrooms:student", args=[one.pk]))
        for one in found.students
    ]
    own = {one.person_id for one in found.students}
    adults = [
        Named(one.name or one.email or "", reverse("people:person", args=[one.pk]))
        for one in found.people
        if one.pk not in own
    ]
    known = {one.pk for one in found.people}
    guardians = [Named(one.email, "") for one in found.guardians if one.person_id not in known]
    return [*pupils, *adults, *guardians]


def suggested_for(request: DataRequest) -> dict[str, list[UUID]]:
    """Return who has the address a request came from, and their children; nothing where nobody has it."""
    if not request.contact:
        return {}
    guardians = Guardian.objects.filter(email__iexact=request.contact)
    people = Person.objects.filter(email__iexact=request.contact).exclude(kind=Person.Kind.STUDENT)
    pupils = Student.objects.filter(guardianships__guardian__in=guardians).distinct()
    told = {
        "students": list(pupils.values_list("pk", flat=True)),
        "people": list(people.values_list("pk", flat=True)),
        "guardians": list(guardians.filter(person=None).values_list("pk", flat=True)),
    }
    return told if any(told.values()) else {}


@keeps("LG-D10.1")
def proposals(request: DataRequest) -> list[Proposal]:
    """Return what is prepared for a request, by its right: one button or link per person it is about."""
    if not request.subjects or not request.is_open:
        return []
    found = subjects_of(request.subjects)
    return list(_BY_RIGHT[DataRight(request.right)](found))


def _packs(found: Subjects) -> Iterable[Proposal]:
    """Return the archives of all that is held about each, read by people and by programs."""
    for one in found.students:
        url = reverse("exports:ask", args=["student", one.pk])
        yield Proposal(_("Prepare the archive of %(name)s") % {"name": one.full_name}, url, True, "download")
    own = {one.person_id for one in found.students}
    for person in found.people:
        if person.pk not in own:
            url = reverse("exports:ask", args=["person", person.pk])
            label = _("Prepare the archive of %(name)s") % {"name": person.name}
            yield Proposal(label, url, True, "download")


def _corrections(found: Subjects) -> Iterable[Proposal]:
    for one in found.students:
        url = reverse("classrooms:student_edit", args=[one.pk])
        yield Proposal(_("Correct what is held of %(name)s") % {"name": one.full_name}, url, icon="pencil")
    own = {one.person_id for one in found.students}
    for person in found.people:
        if person.pk not in own:
            url = reverse("people:person", args=[person.pk])
            yield Proposal(_("Correct what is held of %(name)s") % {"name": person.name}, url, icon="pencil")


def _deletions(found: Subjects) -> Iterable[Proposal]:
    label = _("Delete %(name)s, after seeing what goes")
    for one in found.students:
        url = reverse("dpa:request_student_erasure", args=[one.pk])
        yield Proposal(label % {"name": one.full_name}, url, icon="trash-2")
    own = {one.person_id for one in found.students}
    accounts = {one.pk for one in found.people}
    for person in found.people:
        if person.pk not in own:
            url = reverse("dpa:request_person_erasure", args=[person.pk])
            yield Proposal(label % {"name": person.name}, url, icon="trash-2")
    for guardian in found.guardians:
        if guardian.person_id not in accounts:
            url = reverse("dpa:request_guardian_erasure", args=[guardian.pk])
            yield Proposal(label % {"name": guardian.email}, url, icon="trash-2")


def _results(found: Subjects) -> Iterable[Proposal]:
    for one in found.students:
        url = reverse("learning:student", args=[one.pk])
        yield Proposal(_("Look at the results of %(name)s yourself") % {"name": one.full_name}, url)


def _pages(found: Subjects) -> Iterable[Proposal]:
    for one in found.students:
        url = reverse("classrooms:student", args=[one.pk])
        yield Proposal(_("Consents and information of %(name)s") % {"name": one.full_name}, url)


def _nothing(_found: Subjects) -> Iterable[Proposal]:
    return []


_BY_RIGHT: dict[DataRight, Any] = {
    DataRight.ACCESS: _packs,
    DataRight.PORTABILITY: _packs,
    DataRight.RECTIFICATION: _corrections,
    DataRight.ERASURE: _deletions,
    DataRight.RESTRICTION: _nothing,
    DataRight.OBJECTION: _nothing,
    DataRight.HUMAN_REVIEW: _results,
    DataRight.CONSENT: _pages,
}


def erasures_for(request: DataRequest) -> list[Erasure]:
    """Return the deletions of whom a request is about, the last first."""
    if not request.subjects:
        return []
    return list(Erasure.objects.about(request.subjects).filter(requested_at__gte=request.received_at))


def frozen_for(request: DataRequest) -> Any:
    """Return the freeze that stands for a request, None without one."""
    return request.restrictions.filter(ended_at=None).first()


def instructions_for(tenant_id: UUID, request_id: UUID | None = None) -> list[Instruction]:
    """Return what a tenant instructed, on one request or in all, the last first."""
    rows = Instruction.objects.filter(tenant_id=tenant_id)
    return list(rows.filter(request_id=request_id) if request_id else rows)


# The operator's desk.


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A request in the operator's list: where it lies, and whether its clock still runs."""

    received: ReceivedRequest
    name: str
    is_waiting: bool


def received_rows(*, only_open: bool = False) -> list[ReceivedRow]:
    """Return the requests that reached the operator, the last first."""
    rows = list(ReceivedRequest.objects.all())
    names = names_of({row.tenant_id for row in rows if row.tenant_id})
    found = [
        ReceivedRow(row, names.get(row.tenant_id, "") if row.tenant_id else "", is_waiting(row))
        for row in rows
    ]
    return [row for row in found if row.is_waiting] if only_open else found


def is_waiting(row: ReceivedRequest) -> bool:
    """Return whether a request still is to reach who answers it."""
    return row.dropped_at is None and not row.is_ours and row.forwarded_at is None


def received_with(received_id: UUID) -> ReceivedRequest | None:
    """Return a request that reached the operator."""
    return ReceivedRequest.objects.filter(pk=received_id).first()


def tenants_with_data() -> Any:
    """Return the tenants that hold data."""
    return Tenant.objects.exclude(state__in=(Tenant.State.OPENING, Tenant.State.ERASED))


def our_tenants(now: datetime) -> list[Tenant]:
    """Return the tenants whose controller the operator is."""
    rows = tenants_with_data()
    return [tenant for tenant in rows.prefetch_related("contracts") if is_ours(tenant, now)]


@dataclass(frozen=True, slots=True)
class OurRequest:
    """A request the operator answers as the controller, and where it lies."""

    tenant: Tenant
    request: DataRequest


def our_requests(now: datetime, *, only_open: bool = True) -> list[OurRequest]:
    """Return the requests the operator answers itself, the most urgent first. As the operator."""
    found = []
    for tenant in our_tenants(now):
        with inside(tenant):
            rows = list(requests_here(state=DataRequest.State.OPEN if only_open else ""))
        found += [OurRequest(tenant, row) for row in rows]
    return sorted(found, key=lambda one: (not one.request.is_open, one.request.due_at))


def instruction_with(instruction_id: UUID) -> Instruction | None:
    """Return an instruction. As the operator."""
    return Instruction.objects.filter(pk=instruction_id).first()


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """An instruction at the desk: whose, and by whom."""

    instruction: Instruction
    tenant: str


def instruction_rows() -> list[InstructionRow]:
    """Return every instruction, the last first. As the operator."""
    rows = list(Instruction.objects.all())
    names = names_of({row.tenant_id for row in rows})
    return [InstructionRow(row, names.get(row.tenant_id, "")) for row in rows]


def authors_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what the authors of instructions are called, in the tenant we are inside."""
    return {one.pk: one.name for one in Person.objects.filter(pk__in=ids)}
