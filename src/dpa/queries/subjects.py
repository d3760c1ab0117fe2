"""Whom a deletion is about: the pupils, guardians and accounts behind a list of ids."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.db.models import Q

from classrooms.models import ChangesStudent, Guardian, ObservationStudent, Student
from classrooms.models.families import GuardianQuerySet
from classrooms.queries.circles import household_of
from dpa.models import Erasure
from people.models import Invitation, Person
from people.models.invitation import InvitationQuerySet
from tenants.queries import tenant_row

EVERYONE = frozenset({"student", "guardian", "teacher", "administrator", "professional", "learner"})


@dataclass(frozen=True, slots=True)
class Subjects:
    """Some people, with every id they have here: as pupils, as guardians, as accounts."""

    ids: tuple[UUID, ...]
    students: tuple[Student, ...]
    guardians: tuple[Guardian, ...]
    people: tuple[Person, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Return which data subjects of annex B they can be; an account can be anybody's."""
        if self.people:
            return EVERYONE
        return frozenset({"student"} if self.students else ()) | frozenset(
            {"guardian"} if self.guardians else ()
        )

    @property
    def names(self) -> set[tuple[str, str]]:
        """Return their full names, first and last."""
        pairs = {
            (one.first_name, last)
            for one in self.students
            for last in (one.last_name, one.preferred_last_name)
        }
        pairs |= {(one.first_name, one.last_name) for one in self.people}
        return {(first, last) for first, last in pairs if first.strip() and last.strip()}

    @property
    def addresses(self) -> set[str]:
        """Return their e-mail addresses."""
        emails = [one.email for one in self.people] + [one.email for one in self.guardians]
        return {email.lower() for email in emails if email}


def being_deleted(ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these people go: their deletion was decided on and is not done yet."""
    subjects = Erasure.objects.decided().about(ids).values_list("subjects", flat=True)
    return frozenset(ids).intersection(chain.from_iterable(subjects))


def subjects_of(ids: Collection[UUID]) -> Subjects:
    """Return the people these ids name, visible or hidden, each with all their ids, in three statements at
    most.
    """
    mine = Q(pk__in=ids) | Q(person_id__in=ids)
    students = tuple(Student._base_manager.filter(mine))
    others = set(ids) - {one.pk for one in students if one.person_id is None}
    guardians = tuple(Guardian.objects.filter(mine)) if others else ()
    people = (
        tuple(Person.objects.filter(pk__in=others).only("email", "first_name", "last_name")) if others else ()
    )
    every = {*ids, *(one.pk for one in (*students, *guardians))}
    return Subjects(tuple(sorted(every)), students, guardians, people)


def with_last_guardians(subjects: Subjects) -> Subjects:
    """Return these people and the guardians who look after nobody once they are gone.

    The account of who is a guardian only goes too; that of somebody who works here stays.
    """
    pupils = [one.pk for one in subjects.students]
    if not pupils:
        return subjects
    rows = Guardian.objects.left_without(pupils).exclude(pk__in=subjects.ids).select_related("person")
    guardians = tuple(rows)
    people = tuple(one.person for one in guardians if one.person and is_guardian_only(one.person))
    ids = {*subjects.ids, *(one.pk for one in (*guardians, *people))}
    return Subjects(
        tuple(sorted(ids)),
        subjects.students,
        (*subjects.guardians, *guardians),
        (*subjects.people, *people),
    )


def with_last_links(ids: Collection[UUID]) -> list[UUID]:
    """Return these ids and those of the guardians who go with them."""
    return list(with_last_guardians(subjects_of(ids)).ids)


def is_guardian_only(person: Person | None) -> bool:
    """Return whether somebody has an account as a guardian and as nothing else."""
    return person is not None and person.kind == Person.Kind.GUARDIAN


def guardians_to_tell(subjects: Subjects) -> GuardianQuerySet:
    """Return the guardians who sign in here of the pupils among these people, but those who go with them."""
    pupils = [one.pk for one in subjects.students]
    rows = Guardian.objects.filter(guardianships__student_id__in=pupils, person__is_active=True)
    return rows.exclude(pk__in=subjects.ids).distinct()


def children_with(person: Person) -> list[Student]:
    """Return the children whose accounts go with their family's.

    Of the whole place or, where many share it, their own.
    """
    rows = Student._base_manager.all()
    if tenant_row().is_shared:
        household_id = household_of(person.pk)
        rows = rows.filter(household_id=household_id) if household_id else rows.none()
    return list(rows)


def traces_of(subjects: Subjects) -> tuple[UUID, ...]:
    """Return all ids of some people, and of the observations they are in.

    An archive with one of these speaks of them.
    """
    pupils = [one.pk for one in subjects.students]
    shared = ObservationStudent.objects.filter(student__in=pupils).values_list("observation_id", flat=True)
    drafted = ChangesStudent.objects.filter(student__in=pupils)
    return (*subjects.ids, *shared, *drafted.values_list("changes__observation_id", flat=True))


def leaving() -> tuple[UUID, ...]:
    """Return every id of those whose deletion was asked for and whose data is still there."""
    states = (Erasure.State.REQUESTED, Erasure.State.ERASING)
    rows = Erasure.objects.filter(state__in=states).values_list("subjects", flat=True)
    ids = {one for subjects in rows for one in subjects}
    return subjects_of(ids).ids if ids else ()


def invitations_to(subjects: Subjects) -> InvitationQuerySet:
    """Return the invitations sent to these people, whether or not they answered: to their account or address.

    An invitation is of a person before there is an account.
    """
    rows: InvitationQuerySet = Invitation.objects.all()
    if not subjects.people and not subjects.addresses:
        return rows.none()
    return rows.filter(Q(person_id__in=subjects.ids) | Q(email__in=subjects.addresses))
