"""An observation as somebody reads it: what it says of the pupils they see, and no other child's name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from classrooms.models import (
    Enrolment,
    Guardianship,
    Observation,
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
class Part:
    """What of an observation its reader reads: their pupils, the text, the photos, what families answered.

    `author` is "" where nobody wrote it any more, or who did is being deleted.
    """

    observation: Observation
    author: str
    text: str
    about: list[Student]
    photos: list[ShownPhoto]
    answers: list[ShownAnswer]


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
def read_by(rows: ObservationQuerySet, person: Person | None, scope: str | None) -> ObservationQuerySet:
    """Return observations with all that `part_for` needs to say what this person reads of them.

    Whatever their number, it is looked up in eight statements.
    """
    seen = students_seen_by(person, scope) if person else Student.objects.all()
    links = ObservationStudent.objects.select_related("student")
    links = links.annotate(is_seen=Exists(seen.filter(pk=OuterRef("student_id")))).order_by("id")
    families = Guardianship.objects.filter(
        guardian=OuterRef("guardian"), student__in=seen, student__links__observation=OuterRef("observation")
    )
    answers = ReadReceipt.objects.exclude(answer="").filter(guardian__person__closed_for=None)
    answers = answers.annotate(is_seen=Exists(families))
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
    links: Sequence[Any] = found.everybody
    about = [link.student for link in links if link.student.hidden_at is None and (is_author or link.is_seen)]
    unseen: set[FullName] = set()
    if not is_author:
        unseen |= {full_name(one.student) for one in links if not one.is_seen}
        unseen = unseen.union(*(_strangers(one.student) for one in links))
    said = Words(unseen, about, gone=gone)
    answers = [one for one in found.answers if is_author or one.is_seen]
    return Part(
        observation,
        author_of(observation),
        said.of(observation.text),
        about,
        [ShownPhoto(photo, said.of(photo.caption)) for photo in found.pictures],
        [ShownAnswer(said.of(one.answer), one.answered_at) for one in answers],
    )


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

    Five statements, whatever their number.
    """
    seen = students_seen_by(person, scope) if person else Student.objects.all()
    mates = _unseen_mates(person, scope)
    links = ObservationStudent.objects.filter(observation__in=observations.order_by())
    links = links.exclude(observation__author=person) if person else links
    if not mates.exists():
        others = links.exclude(student__in=seen).values("observation_id")
        links = links.filter(observation_id__in=others)
    rows = links.select_related("student").prefetch_related(_been_in(mates, "student"))
    unseen: dict[UUID, set[FullName]] = {}
    theirs: dict[UUID, list[Student]] = {}
    for link in rows.annotate(is_seen=Exists(seen.filter(pk=OuterRef("student_id")))):
        names = unseen.setdefault(link.observation_id, set())
        names |= _strangers(link.student)
        if link.is_seen:
            theirs.setdefault(link.observation_id, []).append(link.student)
        else:
            names.add(full_name(link.student))
    return {pk: Words(names, theirs.get(pk, []), gone=gone) for pk, names in unseen.items() if names}


@guards("circle")
def found_by(
    rows: ObservationQuerySet, words: str, *, person: Person, scope: str | None
) -> ObservationQuerySet:
    """Return those about a pupil of this name whom the person sees, or that say these words to them.

    What they don't read isn't searched: a name that is left out of a text doesn't find it.
    """
    seen = students_seen_by(person, scope)
    named = ObservationStudent.objects.filter(student__in=seen.named(words)).values("observation_id")
    said = rows.filter(text__unaccent__icontains=words).exclude(pk__in=named)
    unseen = ObservationStudent.objects.filter(observation=OuterRef("pk")).exclude(student__in=seen)
    doubtful = said.exclude(author_id=person.pk)
    if not _unseen_mates(person, scope).exists():
        doubtful = doubtful.filter(Exists(unseen))
    doubtful = read_by(doubtful, person, scope)
    wanted = fold(words)
    silent = [one.pk for one in doubtful if wanted not in fold(part_for(one, person.pk).text)]
    return rows.filter(Q(pk__in=named) | Q(pk__in=said.values("pk")) & ~Q(pk__in=silent))
