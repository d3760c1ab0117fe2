"""What is remembered of removals, so that an import asks before it undoes one."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from isolation.models import TenantModel

KEY = "removals"  # the name of the key, kept with those that sign


class RemovalQuerySet(models.QuerySet["Removal"]):
    """Chainable filters for removals."""

    def remembered(self, today: date) -> "RemovalQuerySet":
        """Return those still remembered on a day."""
        return self.filter(forget_on__gt=today)

    def over(self, today: date) -> "RemovalQuerySet":
        """Return those whose time has come."""
        return self.filter(forget_on__lte=today)


class Removal(TenantModel):
    """Somebody was removed: a keyed digest in place of who, the key being kept outside the database."""

    class Kind(models.TextChoices):
        """What was removed."""

        STUDENT = "student", _("pupil")
        GUARDIAN = "guardian", _("guardian")
        LINK = "link", _("link between a guardian and a pupil")

    class Reason(models.TextChoices):
        """Why."""

        SCHOOL = "school", _("removed by the school")
        REQUEST = "request", _("deleted at the person’s own request")
        RETENTION = "retention", _("end of the retention period")

    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=10, choices=Reason)
    removed_on = models.DateField()
    forget_on = models.DateField(db_index=True)

    objects = RemovalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.removed_on}"
