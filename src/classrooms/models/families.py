"""Guardians, whose children they look after, and what they were told and have read."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils.translation import gettext_lazy as _

from classrooms.models.ordering import names_in
from classrooms.models.record import Observation
from classrooms.models.students import Household, Student, is_here
from classrooms.models.years import SchoolClass
from isolation.models import TenantModel


class GuardianQuerySet(models.QuerySet["Guardian"]):
    """Chainable filters for guardians."""

    def of_somebody_here(self) -> "GuardianQuerySet":
        """Return those who look after a pupil who is here, each once."""
        links = Guardianship.objects.filter(is_here("student__"))
        return self.filter(pk__in=links.values("guardian_id"))

    def left_without(self, student_ids: Collection[UUID]) -> "GuardianQuerySet":
        """Return those who look after these pupils and no others; who runs a household goes with that."""
        mine = Guardianship.objects.filter(student_id__in=student_ids)
        others = Guardianship.objects.exclude(student_id__in=student_ids)
        rows = self.filter(pk__in=mine.values("guardian_id"), household=None)
        return rows.exclude(pk__in=others.values("guardian_id"))

    def of_nobody(self) -> "GuardianQuerySet":
        """Return those who look after no pupil any more, and run no household."""
        return self.filter(guardianships=None, household=None)

    def to_invite(self) -> "GuardianQuerySet":
        """Return those who wait to be invited: for a child who is here, and nobody has invited them yet."""
        return self.of_somebody_here().filter(person=None, invited_at=None)


class Guardian(TenantModel):
    """An adult who looks after pupils: an e-mail address, and the account once the invitation is accepted."""

    email = models.EmailField(_("e-mail"))
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="guardian", null=True, blank=True
    )
    students = models.ManyToManyField(Student, through="Guardianship", related_name="guardians")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="guardians", null=True, blank=True
    )
    created_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    objects = GuardianQuerySet.as_manager()

    class Meta:
        ordering = ["email", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="classrooms_one_guardian_an_address")]

    def __str__(self) -> str:
        return self.email


class Guardianship(TenantModel):
    """A guardian looks after a pupil."""

    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="guardianships")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardianships")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardian", "student"], name="classrooms_looks_after_once")
        ]

    def __str__(self) -> str:
        return f"{self.student_id}"


class GuardianInformation(TenantModel):
    """On record: guardians of a class, or of one child, were informed before any account was opened."""

    class Channel(models.TextChoices):
        """How they were informed."""

        LETTER = "letter", _("letter")
        MEETING = "meeting", _("meeting")
        EMAIL = "email", _("e-mail")
        NOTEBOOK = "notebook", _("liaison notebook")

    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.CASCADE, related_name="notices", null=True, blank=True
    )
    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="notices", null=True, blank=True
    )
    informed_on = models.DateField(_("informed on"))
    how = models.CharField(_("how"), max_length=10, choices=Channel)
    covers = models.JSONField(_("subjects covered"), default=list)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "classrooms_guardiannotice"
        ordering = ["-informed_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class=None, student__isnull=False)
                | Q(school_class__isnull=False, student=None),
                name="classrooms_notice_for_a_class_or_a_child",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.informed_on}"


class AccountDeclaration(TenantModel):
    """On record: who opened a minor's account declared their majority and authority, and in which words."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="declarations")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    declared_at = models.DateTimeField()
    version = models.CharField(max_length=20)

    class Meta:
        ordering = ["-declared_at", "id"]

    def __str__(self) -> str:
        return f"{self.declared_at} {self.version}"


class ReadReceiptQuerySet(models.QuerySet["ReadReceipt"]):
    """Chainable filters for readings."""

    def before_last_shared(self) -> "ReadReceiptQuerySet":
        """Return those of what was changed, or shared anew, since it was last read."""
        last = Coalesce("read_again_at", "read_at")
        since = Greatest("observation__shared_at", "observation__changes_shared_at")
        return self.annotate(last=last, since=since).filter(last__lt=F("since"))


class ReadReceipt(TenantModel):
    """A guardian has read an observation, perhaps thanked for it or answered."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="readings")
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()
    read_again_at = models.DateTimeField(null=True, blank=True)  # the first time after it last changed
    thanked_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, max_length=2000)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReadReceiptQuerySet.as_manager()

    class Meta:
        db_table = "classrooms_reading"
        constraints = [
            models.UniqueConstraint(fields=["observation", "guardian"], name="classrooms_read_once")
        ]
        indexes = [names_in("answer", index="classrooms_answer_names")]

    def __str__(self) -> str:
        return f"{self.read_at}"

    @property
    def last_read_at(self) -> datetime:
        """Return when what was shared last was read, or else what was shared before."""
        return self.read_again_at or self.read_at
