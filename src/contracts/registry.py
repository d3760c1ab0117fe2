"""What other apps ask of the contracts, and what they tell them: profiles, personal data, evidence.

Personal data is declared once per model, in the `personal_data.py` of its app; export, erasure, retention
and the records of processing all read these declarations.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from contracts.gateways.profiles import load, profile, profiles
from contracts.policy.annex_b import SUBJECTS, Category
from contracts.policy.evidence import Day, Evidence, merged
from isolation.router import schema_scope_of

__all__ = [
    "CASCADE",
    "Category",
    "Declaration",
    "Evidence",
    "declaration_of",
    "declarations",
    "declare",
    "erased_again",
    "erases_again",
    "erasure_recorder",
    "evidence",
    "evidence_of",
    "impersonal",
    "nothing_personal",
    "operator_name",
    "operator_source",
    "profile",
    "profile_names",
    "profiles",
    "record_erasure",
    "undeclared",
]


class _Cascade:
    """The marker that says: erasing means deleting the rows."""

    def __repr__(self) -> str:
        return "CASCADE"


CASCADE = _Cascade()

Rows = QuerySet[Any]
FindRows = Callable[[Rows, Collection[UUID]], Rows]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What personal data a model holds: its annex B category, about whom, how it leaves and how it goes."""

    model: type[Model]
    words: str | Promise
    category: Category
    subjects: tuple[str, ...]
    person: str | FindRows
    export: Callable[[Rows], Iterable[dict[str, Any]]] | None
    erase: _Cascade | Callable[[Rows, datetime], Any]
    keep_for: str | None = None
    files: tuple[str, ...] = ()
    deleted_by: Callable[[Rows], int] | None = None

    @property
    def label(self) -> str:
        """Return the model's name, `app.Model`."""
        return self.model._meta.label

    def about(self, person_ids: Collection[UUID]) -> Rows:
        """Return the rows about these people, in the place we are in."""
        rows: Rows = self.model._base_manager.all()
        if callable(self.person):
            return self.person(rows, person_ids)
        return rows.filter(**{f"{self.person}__in": person_ids})


_declared: dict[type[Model], Declaration] = {}
_impersonal: dict[type[Model], str] = {}


def declare(
    model: type[Model],
    *,
    label: str | Promise,
    category: str,
    subject: str | tuple[str, ...],
    person: str | FindRows,
    export: Callable[[Rows], Iterable[dict[str, Any]]] | None,
    erase: _Cascade | Callable[[Rows, datetime], Any],
    keep_for: str | None = None,
    files: tuple[str, ...] = (),
    deleted_by: Callable[[Rows], int] | None = None,
) -> Declaration:
    """Return the declaration of a model that holds personal data, and remember it.

    `label` is what people read of its rows; `category` is one of annex B's; `subject` is whom the rows are
    about (several where a photo shows several); `person` is a lookup on the rows ("student_id") or a
    function (rows, person_ids) -> rows;
    `erase` is CASCADE or a function (rows, now); `keep_for` names the profile's parameter in days
    ("retention.left_days"); `files` are the file fields whose files go with the rows; `deleted_by` deletes
    rows that nobody else may, and says how many went. Raises ImproperlyConfigured on an unknown word or a
    second time.
    """
    subjects = (subject,) if isinstance(subject, str) else tuple(subject)
    _check(model, category, subjects)
    _declared[model] = Declaration(
        model, label, Category(category), subjects, person, export, erase, keep_for, files, deleted_by
    )
    return _declared[model]


def nothing_personal(model: type[Model], *, why: str) -> None:
    """Remember that a tenant's model holds nothing about people, and why."""
    if model in _declared or model in _impersonal:
        raise ImproperlyConfigured(f"{model._meta.label} is declared twice")
    _impersonal[model] = why


def _check(model: type[Model], category: str, subjects: tuple[str, ...]) -> None:
    label = model._meta.label
    if model in _declared or model in _impersonal:
        raise ImproperlyConfigured(f"{label} is declared twice")
    if category not in set(Category):
        raise ImproperlyConfigured(
            f"{label}: annex B has no category {category!r}, only {', '.join(Category)}"
        )
    if not subjects or (unknown := set(subjects) - SUBJECTS):
        raise ImproperlyConfigured(
            f"{label}: unknown data subjects {sorted(unknown) if subjects else 'none'}"
        )


def label_of(label: str) -> str | Promise:
    """Return what people read of the rows of a model named `app.Model`; a name nobody declared as it is."""
    return next((one.words for one in _declared.values() if one.label == label), label)


def declarations() -> list[Declaration]:
    """Return all declarations, a model before those it points to.

    Erased in this order, no key is left dangling.
    """
    pointed: TopologicalSorter[type[Model]] = TopologicalSorter()
    for model in sorted(_declared, key=lambda declared: declared._meta.label):
        pointed.add(model)
        for target in _points_to(model):
            pointed.add(target, model)
    return [_declared[model] for model in pointed.static_order()]


def _points_to(model: type[Model]) -> list[type[Model]]:
    """Return the other declared models this one has keys to, sorted so that the order never depends on a
    run.
    """
    targets = {key.related_model for key in model._meta.concrete_fields if key.is_relation}
    return sorted(
        (t for t in _declared if t in targets and t is not model), key=lambda target: target._meta.label
    )


def declaration_of(model: type[Model]) -> Declaration | None:
    """Return a model's declaration, or None."""
    return _declared.get(model)


def impersonal() -> Mapping[type[Model], str]:
    """Return the models that hold nothing about people, with the reason."""
    return dict(_impersonal)


def undeclared() -> list[type[Model]]:
    """Return the tenant models whose app has said nothing of the personal data they hold."""
    tenant = (
        model
        for model in apps.get_models()
        if schema_scope_of(model._meta.app_label, model._meta.model_name) != "shared"
    )
    return [model for model in tenant if model not in _declared and model not in _impersonal]


RecordErasure = Callable[..., object]
EraseAgain = Callable[[Collection[UUID], datetime], int]
_RECORDERS: list[RecordErasure] = []
_ERASED_AGAIN: dict[str, EraseAgain] = {}


def erasure_recorder(write: RecordErasure) -> RecordErasure:
    """Register who keeps the ledger of erasures; `record_erasure` says how it is called."""
    _RECORDERS[:] = [write]
    return write


def record_erasure(
    *, erasure: UUID, kind: str, subjects: Collection[UUID], asked_at: datetime, now: datetime
) -> None:
    """Write on disk whose data the operator erases, before it commits, so that no restore brings it back.

    As the operator. Does nothing in an installation without a ledger.
    """
    for write in _RECORDERS:
        write(erasure=erasure, kind=kind, subjects=tuple(subjects), asked_at=asked_at, now=now)


def erased_again(kind: str) -> Callable[[EraseAgain], EraseAgain]:
    """Register the function that erases again, after a restore, whom the operator erased: one of these
    subjects. It returns how many rows went.
    """

    def register(function: EraseAgain) -> EraseAgain:
        _ERASED_AGAIN[kind] = function
        return function

    return register


def erases_again(kind: str) -> EraseAgain | None:
    """Return who erases again what is of a kind, None where no app knows."""
    return _ERASED_AGAIN.get(kind)


FindSettler = Callable[[str, str], str]
FindEvidence = Callable[[Collection[str], datetime], Mapping[str, Evidence]]


FindDays = Callable[[Collection[str], datetime, tzinfo], Mapping[str, Mapping[date, Day]]]


@dataclass(slots=True)
class _EvidenceSources:
    asks: list[FindEvidence] = field(default_factory=list)
    days: FindDays | None = None
    late_messages: Callable[[datetime], int] | None = None
    settler: FindSettler | None = None
    operator: Callable[[], str] | None = None


_witness = _EvidenceSources()


def settler(find: FindSettler) -> None:
    """Register the function that names who settles a dispute of a kind of client, in a language."""
    _witness.settler = find


def settler_of(client: str, language: str) -> str:
    """Return who settles a dispute of a kind of client, in words; "" where no app above knows."""
    return _witness.settler(client, language) if _witness.settler else ""


def operator_source(find: Callable[[], str]) -> None:
    """Register the function that names the company that runs this installation."""
    _witness.operator = find


def operator_name() -> str:
    """Return the name of the company that runs this installation; "" where no app above knows."""
    return _witness.operator() if _witness.operator else ""


def evidence(find: FindEvidence) -> FindEvidence:
    """Register a function that tells, for clause ids at an instant, what is known of each: an app above
    knows.
    """
    _witness.asks.append(find)
    return find


def evidence_of(clause_ids: Collection[str], *, now: datetime) -> dict[str, Evidence]:
    """Return the live evidence for these clauses; a clause never yet due is left out."""
    found: dict[str, list[Evidence]] = {}
    for ask in _witness.asks:
        for key, value in ask(clause_ids, now).items():
            found.setdefault(key, []).append(value)
    return {key: merged(known) for key, known in found.items()}


def history(*, days: FindDays, late_messages: Callable[[datetime], int]) -> None:
    """Register who draws the last thirty days of promises, and who counts the mails that should have left."""
    _witness.days = days
    _witness.late_messages = late_messages


def days_of(clause_ids: Collection[str], *, now: datetime, zone: tzinfo) -> dict[str, dict[date, Day]]:
    """Return for each clause what came of it on the days of the last thirty on which something did."""
    found = _witness.days(clause_ids, now, zone) if _witness.days else {}
    return {clause: dict(days) for clause, days in found.items()}


def late_messages(*, now: datetime) -> int:
    """Return how many mails should have left by now and wait."""
    return _witness.late_messages(now) if _witness.late_messages else 0


def instant_slack() -> timedelta:
    """Return how much later than its instant a promise is still kept: the least any offer gives."""
    newest = (versions[-1] for versions in load().values() if versions)
    return timedelta(minutes=min(each.agenda.slack_minutes for each in newest))


def clients_of() -> dict[str, str]:
    """Return in which capacity each offer's client buys, by its newest version."""
    return {key: versions[-1].client for key, versions in load().items() if versions}


def profile_names(language: str) -> dict[str, str]:
    """Return the name of each offer in a language, its newest version's."""
    return {key: versions[-1].name[language] for key, versions in load().items() if versions}
