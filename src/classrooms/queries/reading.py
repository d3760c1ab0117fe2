"""An observation as somebody reads it: what it says of the pupils they see, and no other child's name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from classrooms.models import (
    ChangesStudent,
    Enrolment,
    Guardianship,
    Observation,
    ObservationChanges,
    ObservationCompetency,
    ObservationStudent,
    Photo,
    ReadReceipt,
    Student,
)
from classrooms.models.record import ObservationQuerySet
from classrooms.queries.circles import students_seen_by
from isolation.policy.folding import fold
from isolation.policy.guards import guards
from people.models import Person
from people.policy.mentions import Finder, FullName, without


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo, with what its reader may read under it."""

    photo: Photo
    caption: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What a family answered, as its reader may read it."""

    text: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """What its reader reads of the changes of an observation: a draft, which families don't see.

    `photos` are those it adds; `removed` says how many it takes away.
    """

    changes: ObservationChanges
    text: str
    about: list[Student]
    photos: list[ShownPhoto]
    removed: int
    has_other_pupils: bool
    has_other_levels: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What of an observation its reader reads: their pupils, the text, the photos, what families answered.

    `author` is "" where nobody wrote it any more, or who did is being deleted. `changes` are None where
    nothing changed since it was shared, and for who doesn't read changes.
    """

    observation: Observation
    author: str
    text: str
    about: list[Student]
    photos: list[ShownPhoto]
    answers: list[ShownAnswer]
    changes: ChangedPart | None = None

    @property
    def every_photo(self) -> list[ShownPhoto]:
        """Return the photos, and those the changes add."""
        return [*self.photos, *(self.changes.photos if self.changes else ())]


def full_name(student: Student) -> FullName:
    """Return the names a pupil may be called by in a text."""
    return FullName(student.first_name, (student.last_name, student.preferred_last_name))


@guards("circle")
def _unseen_mates(person: Person | None, scope: str | None) -> QuerySet[Enrolment]:
    """Return who was in a class and whom the reader doesn't see: a text may speak of them although it isn't
    about them.
    """
    mates = Enrolment.objects.order_by()
    if person is None or scope == "all":
        return mates.exclude(student__hidden_at=None)
    return mates.exclude(student__in=students_seen_by(person, scope))


def _been_in(mates: QuerySet[Enrolment], field: str) -> Any:
    """Return how the classes of the pupils under a field are looked up, with whom of them isn't seen."""
    strangers = Prefetch("school_class__enrolments", mates.select_related("student"), to_attr="strangers")
    rows = Enrolment.objects.select_related("school_class").prefetch_related(strangers)
    return Prefetch(f"{field}__enrolments", rows, to_attr="been_in")


def _strangers(student: Any) -> set[FullName]:
    """Return the names of those who were in a class with a pupil and whom the reader doesn't see."""
    return {full_name(mate.student) for one in student.been_in for mate in one.school_class.strangers}


@guards("circle")
def read_by(
    rows: ObservationQuerySet, person: Person | None, scope: str | None, *, with_changes: bool = False
) -> ObservationQuerySet:
    """Return observations with all that `part_for` needs to say what this person reads of them.

    Whatever their number, it is looked up in eight statements; with the changes since they were shared,
    which no family reads, in two more, and three more where there are any.
    """
    seen = students_seen_by(person, scope) if person else Student.objects.all()
    is_seen = Exists(seen.filter(pk=OuterRef("student_id")))
    links = ObservationStudent.objects.select_related("student").annotate(is_seen=is_seen).order_by("id")
    families = Guardianship.objects.filter(
        guardian=OuterRef("guardian"), student__in=seen, student__links__observation=OuterRef("observation")
    )
    answers = ReadReceipt.objects.exclude(answer="").filter(guardian__person__closed_for=None)
    answers = answers.annotate(is_seen=Exists(families))
    if with_changes:
        drafted = ChangesStudent.objects.select_related("student").annotate(is_seen=is_seen).order_by("id")
        rows = rows.prefetch_related(
            Prefetch("changes", ObservationChanges.objects.all(), to_attr="drafted"),
            Prefetch("drafted__links", drafted, to_attr="everybody"),
            _been_in(_unseen_mates(person, scope), "drafted__everybody__student"),
            Prefetch("photos", Photo.objects.visible().exclude(pending=""), to_attr="pending_pictures"),
        )
    return rows.select_related("author").prefetch_related(
        Prefetch("links", links, to_attr="everybody"),
        _been_in(_unseen_mates(person, scope), "everybody__student"),
        Prefetch("readings", answers.order_by("answered_at", "id"), to_attr="answers"),
        Prefetch("photos", Photo.objects.shown(), to_attr="pictures"),
        Prefetch("shown", ObservationCompetency.objects.select_related("competency")),
    )


def part_for(observation: Observation, person_id: UUID | None, *, gone: Finder | None = None) -> Part:
    """Return what somebody reads of an observation that `read_by` found.

    Its author reads what they wrote, whoever has left their classes since. `gone` finds the names of people
    whom no text may name.
    """
    found: Any = observation
    is_author = person_id is not None and observation.author_id == person_id
    about, unseen = _seen_and_unseen(found.everybody, is_author=is_author)
    said = Words(unseen, about, gone=gone)
    answers = [one for one in found.answers if is_author or one.is_seen]
    return Part(
        observation,
        author_of(observation),
        said.of(observation.text),
        about,
        [ShownPhoto(photo, said.of(photo.caption)) for photo in found.pictures],
        [ShownAnswer(said.of(one.answer), one.answered_at) for one in answers],
        _changed_part(found, unseen, is_author=is_author, gone=gone),
    )


def _seen_and_unseen(links: Sequence[Any], *, is_author: bool) -> tuple[list[Student], set[FullName]]:
    """Return the pupils a reader sees, and the names of those no text may tell them."""
    about = [link.student for link in links if link.student.hidden_at is None and (is_author or link.is_seen)]
    if is_author:
        return about, set()
    unseen = {full_name(one.student) for one in links if not one.is_seen}
    return about, unseen.union(*(_strangers(one.student) for one in links))


def _changed_part(
    found: Any, unseen: set[FullName], *, is_author: bool, gone: Finder | None
) -> ChangedPart | None:
    """Return the changes of an observation as they may be read, None without any or where none are read."""
    changes = getattr(found, "drafted", None)
    if changes is None:
        return None
    about, others = _seen_and_unseen(changes.everybody, is_author=is_author)
    said = Words(unseen | others, about, gone=gone)
    pending = found.pending_pictures
    added = [photo for photo in pending if photo.pending == Photo.Pending.ADDED]
    levels = {str(one.competency_id): one.level for one in found.shown.all()}
    return ChangedPart(
        changes,
        said.of(changes.text),
        about,
        [ShownPhoto(photo, said.of(photo.caption)) for photo in added],
        removed=len(pending) - len(added),
        has_other_pupils=_ids_of(changes.everybody) != _ids_of(found.everybody),
        has_other_levels=levels != changes.levels,
    )


def _ids_of(links: Sequence[Any]) -> set[UUID]:
    return {link.student_id for link in links}


def author_of(observation: Observation) -> str:
    """Return who wrote an observation, "" for nobody who is here."""
    author = observation.author
    return author.name if author is not None and author.closed_for is None else ""


class Words:
    """Texts about some pupils, of whom a reader sees a few only, without the names of the others."""

    def __init__(
        self, unseen: Collection[FullName], seen: Collection[Student], *, gone: Finder | None = None
    ):
        self.gone = gone
        self.finder = Finder(unseen) if unseen else None
        self.theirs = [name for one in seen for name in (one.first_name, one.last_name)]

    def of(self, text: str) -> str:
        """Return a text as it may be read."""
        if self.finder is not None:
            text = without(text, self.finder.find(text, is_about=True, others=self.theirs))
        if self.gone is not None:
            found = self.gone.find(text, is_about=False)
            text = without(text, [one for one in found if one.is_certain])
        return text


@guards("circle")
def words_of(
    observations: ObservationQuerySet,
    person: Person | None,
    scope: str | None,
    *,
    gone: Finder | None = None,
) -> dict[UUID, Words]:
    """Return how the texts of these observations are read: of those about pupils the reader doesn't see.

    Six statements, whatever their number, and two more where something changed since it was shared.
    """
    seen = students_seen_by(person, scope) if person else Student.objects.all()
    mates = _unseen_mates(person, scope)
    readable = observations.order_by()
    readable = readable.exclude(author=person) if person else readable
    have_mates = mates.exists()
    unseen: dict[UUID, set[FullName]] = {}
    theirs: dict[UUID, list[Student]] = {}
    for links, key in _links_and_keys(readable):
        if not have_mates:
            links = links.filter(**{f"{key}__in": links.exclude(student__in=seen).values(key)})
        rows = links.select_related("student").prefetch_related(_been_in(mates, "student"))
        for link in rows.annotate(about=F(key), is_seen=Exists(seen.filter(pk=OuterRef("student_id")))):
            names = unseen.setdefault(link.about, set())
            names |= _strangers(link.student)
            if link.is_seen:
                theirs.setdefault(link.about, []).append(link.student)
            else:
                names.add(full_name(link.student))
    return {pk: Words(names, theirs.get(pk, []), gone=gone) for pk, names in unseen.items() if names}


def _links_and_keys(observations: ObservationQuerySet) -> list[tuple[QuerySet[Any], str]]:
    """Return the pupils of observations and those of their changes, each with where the observation is."""
    return [
        (ObservationStudent.objects.filter(observation__in=observations), "observation_id"),
        (
            ChangesStudent.objects.filter(changes__observation__in=observations),
            "changes__observation_id",
        ),
    ]


@guards("circle")
def found_by(
    rows: ObservationQuerySet, words: str, *, person: Person, scope: str | None
) -> ObservationQuerySet:
    """Return those about a pupil of this name whom the person sees, or that say these words to them.

    What they don't read isn't searched: a name that is left out of a text doesn't find it.
    """
    seen = students_seen_by(person, scope)
    links = _links_and_keys(Observation.objects.all())
    named = Q()
    unseen = Q()
    for pupils, key in links:
        named |= Q(pk__in=pupils.filter(student__in=seen.named(words)).values(key))
        unseen |= Q(pk__in=pupils.exclude(student__in=seen).values(key))
    said = rows.filter(Q(text__unaccent__icontains=words) | Q(changes__text__unaccent__icontains=words))
    said = said.exclude(named)
    doubtful = said.exclude(author_id=person.pk)
    if not _unseen_mates(person, scope).exists():
        doubtful = doubtful.filter(unseen)
    wanted = fold(words)
    parts = [part_for(one, person.pk) for one in read_by(doubtful, person, scope, with_changes=True)]
    silent = [part.observation.pk for part in parts if not _says(part, wanted)]
    return rows.filter(named | Q(pk__in=said.values("pk")) & ~Q(pk__in=silent))


def _says(part: Part, wanted: str) -> bool:
    texts = [part.text, *([part.changes.text] if part.changes else [])]
    return any(wanted in fold(text) for text in texts)
