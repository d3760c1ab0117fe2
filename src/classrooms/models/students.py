"""Pupils, the class they are in, and groups that cut across classes."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from classrooms.models.ordering import NameKey, by_name
from classrooms.models.years import SchoolClass, SchoolYear
from isolation.models import TenantModel
from isolation.policy.guards import guards


def is_here(prefix: str = "") -> Q:
    """Return the condition on a pupil, or on rows that lead to one, that says who is here.

    Who has left isn't, nor is who is being deleted.
    """
    return Q(**{f"{prefix}left_on": None, f"{prefix}hidden_at": None})


class Household(TenantModel):
    """A family among many in a shared tenant: what a class is to a school.

    Its id is that of the contract's circle.
    """

    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class StudentQuerySet(models.QuerySet["Student"]):
    """Chainable filters for pupils."""

    def active(self) -> "StudentQuerySet":
        """Return the pupils who are here: each takes one licence."""
        return self.filter(is_here())

    def by_name(self) -> "StudentQuerySet":
        """Return them in the order of their names, without accents."""
        return self.order_by(*by_name())

    def named(self, words: str) -> "StudentQuerySet":
        """Return those whose names hold each of these words, accents and capitals aside."""
        rows = self.annotate(
            last_key=NameKey("last_name"),
            first_key=NameKey("first_name"),
            used_key=NameKey("preferred_last_name"),
        )
        for word in words.split():
            key = NameKey(models.Value(word))
            rows = rows.filter(
                Q(last_key__contains=key) | Q(first_key__contains=key) | Q(used_key__contains=key)
            )
        return rows

    def in_class(self, school_class: SchoolClass | UUID) -> "StudentQuerySet":
        """Return those who are in a class now."""
        return self.filter(enrolments__school_class=school_class, enrolments__ends_on=None)

    @guards("circle")
    def taught_by(self, person_id: UUID) -> "StudentQuerySet":
        """Return those in a class or group someone teaches."""
        classes = Enrolment.objects.filter(
            ends_on=None, school_class__teachings__person_id=person_id, school_class__teachings__ends_on=None
        )
        groups = GroupStudent.objects.filter(
            group__teachings__person_id=person_id, group__teachings__ends_on=None
        )
        return self.filter(Q(pk__in=classes.values("student_id")) | Q(pk__in=groups.values("student_id")))

    @guards("family")
    def children_of(self, person_id: UUID) -> "StudentQuerySet":
        """Return those someone is the guardian of."""
        return self.filter(guardianships__guardian__person_id=person_id)

    def of_household(self, household_id: UUID | None) -> "StudentQuerySet":
        """Return the pupils of a household, or those of none."""
        return self.filter(household_id=household_id) if household_id else self.filter(household=None)


StudentManager = models.Manager.from_queryset(StudentQuerySet)


class VisibleStudents(StudentManager["Student"]):
    """Pupils as people see them: without those whose deletion was asked for; `_base_manager` has them all."""

    def get_queryset(self) -> StudentQuerySet:
        """Return the pupils nobody asked to delete."""
        return StudentQuerySet(self.model, using=self._db).filter(hidden_at=None)


class Student(TenantModel):
    """A pupil."""

    class Hand(models.TextChoices):
        """The hand a pupil writes with, asked only where the annex allows it."""

        UNKNOWN = "", _("not said")
        LEFT = "left", _("left-handed")
        RIGHT = "right", _("right-handed")

    last_name = models.CharField(_("last name"), max_length=100)
    preferred_last_name = models.CharField(_("used name"), max_length=100, db_column="used_name", blank=True)
    first_name = models.CharField(_("first name"), max_length=100)
    birth_on = models.DateField(_("birth date"))
    level = models.CharField(_("level"), max_length=20, blank=True)
    handedness = models.CharField(
        _("handedness"), max_length=5, choices=Hand, blank=True, default=Hand.UNKNOWN
    )
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="student", null=True, blank=True
    )
    created_at = models.DateTimeField()
    left_on = models.DateField(_("left on"), null=True, blank=True)
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)  # a deletion was asked for
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)  # hidden: kept and not used

    objects = VisibleStudents()

    class Meta:
        ordering = ["last_name", "first_name", "id"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def shown_last_name(self) -> str:
        """Return the last name people use."""
        return self.preferred_last_name or self.last_name

    @property
    def full_name(self) -> str:
        """Return the first name and the last name people use."""
        return f"{self.first_name} {self.shown_last_name}"


def everybody() -> StudentQuerySet:
    """Return all pupils, those who are being deleted too."""
    return StudentQuerySet(Student)


class Enrolment(TenantModel):
    """A pupil is in a class from a day on, until another."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrolments")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="enrolments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(ends_on=None), name="classrooms_in_one_class_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="classrooms_enrolment_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class Group(TenantModel):
    """Pupils of one or several classes who do something together."""

    year = models.ForeignKey(
        SchoolYear, on_delete=models.PROTECT, related_name="groups", verbose_name=_("school year")
    )
    name = models.CharField(_("name"), max_length=100)
    students = models.ManyToManyField(Student, through="GroupStudent", related_name="groups")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="classrooms_one_group_of_a_name_a_year")
        ]

    def __str__(self) -> str:
        return self.name


class GroupStudent(TenantModel):
    """A pupil is in a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "student"], name="classrooms_in_a_group_once")
        ]

    def __str__(self) -> str:
        return f"{self.group_id}"
