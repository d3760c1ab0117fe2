"""Whom a breach concerns in the tenant we are in, and how many records: counted, never listed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from audit.models import Entry
from classrooms.models import Guardian, Guardianship, Student
from contracts.registry import Declaration, declarations
from dpa.policy.breaches import Act, Figures, Table, acts_in, figures_of_account, figures_of_categories
from dpa.queries.promises import STAFF
from isolation.context import inside
from people.models import Membership, Person
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Scope:
    """What a breach is about: categories of annex B up to an instant, or what an account did meanwhile."""

    categories: tuple[str, ...]
    account_id: UUID | None
    since: datetime
    until: datetime


def figures_here(scope: Scope) -> Figures:
    """Return how many people, by kind, and records, by table, a scope is about in the tenant we are in."""
    if scope.account_id is None:
        ids = _ids_by_kind()
        concerned = [one for one in declarations() if str(one.category) in scope.categories]
        tables = [_table(one, scope.until, ids) for one in concerned]
        return figures_of_categories(
            categories=scope.categories, tables=tables, people=Counter(kinds_here().values())
        )
    found = figures_of_account(
        account=scope.account_id,
        since=scope.since,
        until=scope.until,
        acts=_acts(scope, scope.account_id),
        kinds=kinds_here(),
    )
    return Figures(found.people, {_label(table): count for table, count in found.records.items()})


def people_here(scope: Scope, counted: Collection[str]) -> dict[UUID, str]:
    """Return whom a scope is about in the tenant we are in, by id, of the kinds that were counted."""
    kinds = kinds_here()
    if scope.account_id is not None:
        account = scope.account_id
        acts = acts_in(_acts(scope, account), account=account, since=scope.since, until=scope.until)
        touched = {one for act in acts for one in (act.subject, *act.about)}
        kinds = {one: kind for one, kind in kinds.items() if one in touched}
    return {one: kind for one, kind in kinds.items() if kind in counted}


def recipients_here(scope: Scope, counted: Collection[str]) -> dict[UUID, str]:
    """Return who is written to of whom a scope is about: a child through who looks after it, each once."""
    told = people_here(scope, counted)
    students = {one for one, kind in told.items() if kind == "student"}
    links = Guardianship.objects.filter(student_id__in=students).values_list("student_id", "guardian_id")
    looked_after = {student for student, _guardian in links}
    grown = {one: "student" for one in students - looked_after}
    others = {one: kind for one, kind in told.items() if kind != "student"}
    return {**grown, **others, **{guardian: "guardian" for _student, guardian in links}}


def kinds_here() -> dict[UUID, str]:
    """Return what everybody here is, once each: a pupil or a guardian by their own id, staff by their
    account's.
    """
    kinds: dict[UUID, str] = dict.fromkeys(Student._base_manager.values_list("pk", flat=True), "student")
    kinds |= dict.fromkeys(Guardian.objects.values_list("pk", flat=True), "guardian")
    roles = dict(Membership.objects.filter(ends_on=None).values_list("person_id", "role__shipped"))
    for person_id in Person.objects.filter(kind=Person.Kind.STAFF).values_list("pk", flat=True):
        role = roles.get(person_id)
        kinds[person_id] = role if role in STAFF else "teacher"
    return kinds


def account_called(words: str, tenant_ids: Iterable[UUID]) -> Any:
    """Return the id of the account with a user name in one of these tenants, or the user name of an id; None
    for neither. As the operator.
    """
    for tenant in Tenant.objects.exclude(state=Tenant.State.ERASED).filter(pk__in=list(tenant_ids)):
        with inside(tenant):
            rows = Person.objects.all()
            found = rows.filter(username=words.strip().lower()).values_list("pk", flat=True).first()
            known = (
                rows.filter(pk=words).values_list("username", flat=True).first() if _is_id(words) else None
            )
        if found or known:
            return found or known
    return None


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


def _ids_by_kind() -> dict[str, list[UUID]]:
    """Return the ids of everybody here by what they are, those of their accounts among them."""
    accounts: dict[UUID, list[UUID]] = {}
    for account, owner in _owners().items():
        accounts.setdefault(owner, []).append(account)
    ids: dict[str, list[UUID]] = {}
    for one, kind in kinds_here().items():
        ids.setdefault(kind, []).extend([one, *accounts.get(one, [])])
    return ids


def _table(one: Declaration, until: datetime, ids: Mapping[str, list[UUID]]) -> Table:
    """Return what a declared model holds, and of which kinds of people it really speaks."""
    rows = one.model._base_manager.all()
    try:
        one.model._meta.get_field("created_at")
    except FieldDoesNotExist:
        pass
    else:
        rows = rows.filter(created_at__lt=until)
    subjects = [kind for kind in one.subjects if kind in ids and one.about(ids[kind]).exists()]
    return Table(one.label, str(one.category), subjects, rows.count())


def _acts(scope: Scope, account: UUID) -> list[Act]:
    """Return what the trail tells of an account; accounts in what it tells stand for who has them."""
    rows = Entry.objects.filter(actor_id=account, at__gte=scope.since, at__lt=scope.until).order_by("seq")
    found = list(rows.values_list("actor_id", "at", "subject_type", "subject_id", "about"))
    owners = _owners()
    return [
        Act(actor, at, table, owners.get(subject, subject), [owners.get(one, one) for one in about])
        for actor, at, table, subject, about in found
    ]


def _owners() -> dict[UUID, UUID]:
    """Return the pupil or guardian behind each account that is theirs."""
    students = Student._base_manager.exclude(person=None).values_list("person_id", "pk")
    guardians = Guardian.objects.exclude(person=None).values_list("person_id", "pk")
    return {person_id: one for person_id, one in (*students, *guardians) if person_id}


def _label(table: str) -> str:
    """Return the model's name as declarations say it."""
    try:
        return str(apps.get_model(table)._meta.label)
    except (LookupError, ValueError):
        return table
