"""Restore drills: a backup was brought back on another machine, and what came of it."""

from django.db import models

from contracts.models import RedactedTextField
from isolation.models import SharedModel


class RestoreDrillQuerySet(models.QuerySet["RestoreDrill"]):
    """Chainable filters for drills."""

    def proving(self, month: str) -> "RestoreDrillQuerySet":
        """Return those of a month, written 2026-12, in which the backup came back whole."""
        year, number = month.split("-")
        return self.filter(worked=True, done_on__year=int(year), done_on__month=int(number))


class RestoreDrill(SharedModel):
    """One trial of bringing a backup back, written down by who did it."""

    backup = models.CharField(max_length=40)
    done_on = models.DateField()
    worked = models.BooleanField()
    tenants = models.PositiveIntegerField()
    erased_again = models.PositiveIntegerField()
    notes = RedactedTextField(max_length=2000, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    objects = RestoreDrillQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-recorded_at"]

    def __str__(self) -> str:
        return f"{self.backup} {self.done_on}"
