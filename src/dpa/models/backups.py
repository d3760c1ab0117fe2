"""Restore drills: a backup was brought back on another machine, and what came of it."""

from django.db import models

from contracts.models import RedactedTextField
from isolation.models import SharedModel


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

    class Meta:
        ordering = ["-done_on", "-recorded_at"]

    def __str__(self) -> str:
        return f"{self.backup} {self.done_on}"
