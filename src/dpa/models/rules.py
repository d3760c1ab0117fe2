"""What the controller decided: how long data is kept, what else its annex B lists."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from isolation.models import TenantModel


class RetentionRule(TenantModel):
    """How many days the controller keeps one category of data; less than promised, never more."""

    category = models.CharField(max_length=20, unique=True)
    days = models.PositiveIntegerField()
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["category"]

    def __str__(self) -> str:
        return f"{self.category}: {self.days}"


class AnnexAddition(TenantModel):
    """Fields about a kind of person that the controller has added to its annex B."""

    subject = models.CharField(max_length=20, unique=True)
    fields = ArrayField(models.CharField(max_length=30), default=list)
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["subject"]

    def __str__(self) -> str:
        return self.subject
