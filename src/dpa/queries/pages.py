"""What the pages of the privacy centre show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from classrooms.models import Guardian, Student
from contracts.policy.annex_b import Category
from dpa.models import AnnexAddition, DataRequest, Erasure, ErasureEvidence, RetentionRule
from dpa.queries.data_inventory import held_by_category
from dpa.queries.mails import names_in
from dpa.queries.promises import promised_days, retention_days
from exports.models import ExportJob
from isolation.context import current_tenant_id
from people.models import Person
from tenants.queries import tenant_row


@dataclass(frozen=True, slots=True)
class Row:
    """A deletion in a list: with names only while they exist and for who may see them."""

    deletion: Erasure
    names: str
    can_be_undone: bool


def erasure_rows(*, with_names: bool, now: datetime, state: str = "", words: str = "") -> list[Row]:
    """Return the deletions, the last first.

    `words` is part of a reference or, while they exist, of a name.
    """
    rows = Erasure.objects.all()
    if state:
        rows = rows.filter(state=state)
    found = [_row(one, with_names, now) for one in rows]
    wanted = words.casefold().strip()
    return [row for row in found if wanted in f"{row.deletion.reference} {row.names}".casefold()]


def _row(one: Erasure, with_names: bool, now: datetime) -> Row:
    known = one.state not in {Erasure.State.ERASED, Erasure.State.ERASING}
    names = ", ".join(names_in(one)) if with_names and known else ""
    return Row(one, names, one.can_be_undone(now))


def evidence_of(deletion_id: UUID) -> ErasureEvidence | None:
    """Return the evidence of an erasure of this tenant."""
    return ErasureEvidence.objects.filter(tenant_id=current_tenant_id(), deletion_id=deletion_id).first()


def erasure_under_way(ids: Sequence[UUID]) -> Erasure | None:
    """Return the deletion that concerns one of these people already."""
    return Erasure.objects.open().about(ids).first()


def student_with(student_id: UUID) -> Student | None:
    """Return a pupil, visible or already hidden by a deletion."""
    found: Student | None = Student._base_manager.filter(pk=student_id).first()
    return found


def guardian_with(guardian_id: UUID) -> Guardian | None:
    """Return a guardian."""
    return Guardian.objects.select_related("person").filter(pk=guardian_id).first()


def person_with(person_id: UUID) -> Person | None:
    """Return a person."""
    found: Person | None = Person.objects.filter(pk=person_id).first()
    return found


@dataclass(frozen=True, slots=True)
class CategoryRetention:
    """A category of data: how much is held, how long it is kept, and on whose word."""

    category: str
    rows: int
    days: int
    rule: RetentionRule | None


@dataclass(frozen=True, slots=True)
class Centre:
    """The privacy centre's home."""

    kept: list[CategoryRetention]
    promised_days: int
    waiting: int
    undoable: int
    erased: int
    exports: int
    requests: int


def centre(now: datetime) -> Centre:
    """Return what the home shows."""
    tenant = tenant_row()
    profiles = tenant.profiles(tenant.today(now))
    states = list(Erasure.objects.values_list("state", flat=True))
    return Centre(
        kept=category_retentions(profiles),
        promised_days=promised_days(profiles),
        waiting=states.count(Erasure.State.WAITING),
        undoable=states.count(Erasure.State.REQUESTED),
        erased=states.count(Erasure.State.ERASED),
        exports=ExportJob.objects.filter(state=ExportJob.State.READY).count(),
        requests=DataRequest.objects.open().count(),
    )


def category_retentions(profiles: list[Any]) -> list[CategoryRetention]:
    """Return each category with what is held of it and for how long."""
    held = dict(held_by_category())
    days = retention_days(profiles)
    rules = {rule.category: rule for rule in RetentionRule.objects.all()}
    return [
        CategoryRetention(str(c), held.get(str(c), 0), days[str(c)], rules.get(str(c)))
        for c in Category
        if str(c) in held
    ]


def additions_open(profiles: list[Any]) -> dict[str, frozenset[str]]:
    """Return what the contracts let the controller add to its annex B, by kind of person."""
    found: dict[str, frozenset[str]] = {}
    for profile in profiles:
        for subject, fields in profile.may_add.items():
            found[subject] = found.get(subject, frozenset()) | fields
    return found


def additions() -> dict[str, frozenset[str]]:
    """Return what the controller has added to its annex B, by kind of person."""
    return {one.subject: frozenset(one.fields) for one in AnnexAddition.objects.all()}
