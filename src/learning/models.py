"""Activities, and what pupils scored in them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from classrooms.models import Competency, Student
from isolation.models import TenantModel


class Activity(TenantModel):
    """Something pupils do that gives a result."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    competency = models.ForeignKey(
        Competency,
        on_delete=models.SET_NULL,
        related_name="activities",
        null=True,
        blank=True,
        verbose_name=_("competency"),
    )
    created_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Result(TenantModel):
    """What one pupil scored in one activity, out of 100, at one moment."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="results")
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="results", verbose_name=_("activity")
    )
    score = models.PositiveSmallIntegerField(_("score out of 100"), validators=[MaxValueValidator(100)])
    seconds = models.PositiveIntegerField(_("time spent"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-done_at", "id"]
        indexes = [models.Index(fields=["student", "-done_at"], name="learning_result_latest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(score__lte=100), name="learning_score_at_most_100")
        ]

    def __str__(self) -> str:
        return f"{self.score}"
