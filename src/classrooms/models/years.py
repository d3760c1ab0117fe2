"""School years, classes, and who teaches them."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from classrooms.policy.levels import cycle_of
from isolation.models import TenantModel
from isolation.policy.guards import guards


class SchoolYear(TenantModel):
    """A school year, half-open: it ends the day the next one starts."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="classrooms_year_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchoolClassQuerySet(models.QuerySet["SchoolClass"]):
    """Chainable filters for classes."""

    def current(self, on: date) -> "SchoolClassQuerySet":
        """Return the classes of the school year of a day."""
        return self.filter(year__starts_on__lte=on, year__ends_on__gt=on)

    @guards("circle")
    def taught_by(self, person_id: UUID) -> "SchoolClassQuerySet":
        """Return the classes someone teaches."""
        return self.filter(teachings__person_id=person_id, teachings__ends_on=None)


class SchoolClass(TenantModel):
    """A class of one school year."""

    year = models.ForeignKey(
        SchoolYear, on_delete=models.PROTECT, related_name="classes", verbose_name=_("school year")
    )
    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=100, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="classrooms_one_class_of_a_name_a_year")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cycle(self) -> int | None:
        """Return the cycle of the class, from its level or its name."""
        return cycle_of(self.level, self.name)


class Teaching(TenantModel):
    """Someone teaches a class or a group; a class may have several teachers, a teacher several classes."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teachings")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.CASCADE, related_name="teachings", null=True, blank=True
    )
    group = models.ForeignKey(
        "Group", on_delete=models.CASCADE, related_name="teachings", null=True, blank=True
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "school_class"],
                condition=Q(ends_on=None),
                name="classrooms_teaches_a_class_once",
            ),
            models.UniqueConstraint(
                fields=["person", "group"], condition=Q(ends_on=None), name="classrooms_teaches_a_group_once"
            ),
            models.CheckConstraint(
                condition=Q(school_class=None, group__isnull=False)
                | Q(school_class__isnull=False, group=None),
                name="classrooms_teaches_a_class_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return str(self.school_class_id or self.group_id)
