"""Whose data no retention period takes: a dispute or the law asks for it, until a day."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models import RedactedTextField
from isolation.models import TenantModel


class Hold(TenantModel):
    """Data kept beyond its period: whose, why, on whose word, until when."""

    class Ground(models.TextChoices):
        """What asks for it."""

        DISPUTE = "dispute", _("a dispute")
        LAW = "law", _("a legal obligation")

    subjects = ArrayField(models.UUIDField())
    ground = models.CharField(max_length=10, choices=Ground)
    reason = RedactedTextField(max_length=2000)
    ends_on = models.DateField()
    placed_at = models.DateTimeField()
    placed_by = models.UUIDField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-placed_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)

    def lift(self, *, by: models.Model, at: datetime) -> None:
        """Keep that it holds nothing any more."""
        self.lifted_at, self.lifted_by = at, by.pk
        self.save(update_fields=["lifted_at", "lifted_by"])
