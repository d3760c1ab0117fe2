"""Whom and what a person sees: rights, times their own circle."""

from uuid import UUID

from django.db.models import QuerySet

from classrooms.models import Group, Guardian, Observation, SchoolClass, Student
from classrooms.models.record import ObservationQuerySet
from classrooms.models.students import StudentQuerySet, everybody
from classrooms.models.years import SchoolClassQuerySet
from contracts.policy.clauses import keeps
from isolation.policy.guards import guards
from people.models import Person


@guards("circle")
def students_seen_by(person: Person, scope: str | None) -> StudentQuerySet:
    """Return the pupils someone sees: all, those of their classes and groups, or nobody."""
    if scope == "all":
        return Student.objects.all()
    return Student.objects.taught_by(person.pk) if scope == "circle" else Student.objects.none()


@guards("circle")
def leaving_seen_by(person: Person, scope: str | None) -> StudentQuerySet:
    """Return the pupils someone saw until their deletion was asked for."""
    gone = everybody().exclude(hidden_at=None)
    if scope == "all":
        return gone
    return gone.taught_by(person.pk) if scope == "circle" else gone.none()


@guards("circle")
@keeps("MC-1")
def classes_seen_by(person: Person, scope: str | None) -> SchoolClassQuerySet:
    """Return the classes someone sees."""
    if scope == "all":
        return SchoolClass.objects.all()
    return SchoolClass.objects.taught_by(person.pk) if scope == "circle" else SchoolClass.objects.none()


@guards("circle")
def groups_seen_by(person: Person, scope: str | None) -> QuerySet[Group]:
    """Return the groups someone sees."""
    if scope == "all":
        return Group.objects.all()
    taught = Group.objects.filter(teachings__person_id=person.pk, teachings__ends_on=None)
    return taught if scope == "circle" else Group.objects.none()


@guards("circle")
def observations_seen_by(person: Person, scope: str | None) -> ObservationQuerySet:
    """Return the observations someone sees.

    Their own, and those about their pupils that are no longer drafts.
    """
    if scope is None:
        return Observation.objects.none()
    return Observation.objects.written_by_or_of(person.pk, students_seen_by(person, scope))


def household_of(person_id: UUID) -> UUID | None:
    """Return the household somebody runs or is a child of, in a tenant that many families share."""
    rows = Guardian.objects.filter(person_id=person_id).values_list("household_id", flat=True)
    children = Student._base_manager.filter(person_id=person_id).values_list("household_id", flat=True)
    return rows.first() or children.first()


def runs_alone(person: Person) -> bool:
    """Return whether somebody runs a household that nobody else who signs in runs."""
    mine = Guardian.objects.filter(person_id=person.pk).exclude(household=None).values("household_id")
    others = Guardian.objects.filter(household_id__in=mine, person__is_active=True).exclude(
        person_id=person.pk
    )
    return mine.exists() and not others.exists()


@guards("household")
def leaving_household_children(person: Person) -> StudentQuerySet:
    """Return the children of the household somebody runs whose deletion is under way."""
    mine = Guardian.objects.filter(person_id=person.pk).exclude(household=None).values("household_id")
    return everybody().exclude(hidden_at=None).filter(household_id__in=mine)


@guards("household")
def household_children(person: Person) -> StudentQuerySet:
    """Return the active children of the household somebody runs: nobody where they run none."""
    mine = Guardian.objects.filter(person_id=person.pk).exclude(household=None).values("household_id")
    return Student.objects.active().filter(household_id__in=mine)


@guards("family")
def children_of(person: Person) -> StudentQuerySet:
    """Return the active pupils someone is the guardian of."""
    return Student.objects.active().children_of(person.pk)
