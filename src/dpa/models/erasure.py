"""A deletion, from the wish to the certificate."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from dpa.policy.erasure import ErasureClock, can_undo
from isolation.models import SharedModel, TenantModel


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Chainable filters for deletions."""

    def open(self) -> "ErasureQuerySet":
        """Return those asked for, under way or waiting for the controller."""
        return self.filter(state__in=(Erasure.State.WAITING, Erasure.State.REQUESTED, Erasure.State.ERASING))

    def decided(self) -> "ErasureQuerySet":
        """Return those decided on and not done yet."""
        return self.filter(state__in=(Erasure.State.REQUESTED, Erasure.State.ERASING))

    def about(self, ids: Any) -> "ErasureQuerySet":
        """Return those that concern one of these people."""
        return self.filter(subjects__overlap=list(ids))


class Erasure(TenantModel):
    """Somebody's data is to go: ids only, so that the row can stay when the data is gone."""

    class State(models.TextChoices):
        """Where a deletion stands."""

        WAITING = "waiting", _("waiting for the school’s decision")
        REFUSED = "refused", _("refused")
        REQUESTED = "requested", _("access closed, can be undone")
        UNDONE = "undone", _("undone")
        ERASING = "erasing", _("being erased")
        ERASED = "erased", _("erased")

    class Kind(models.TextChoices):
        """Whose data goes."""

        STUDENT = "student", _("pupil")
        GUARDIAN = "guardian", _("parent or guardian")
        STAFF = "staff", _("member of staff")
        FAMILY = "family", _("family")

    class Origin(models.TextChoices):
        """On whose word."""

        USER = "user", _("the person’s own")
        CONTROLLER = "controller", _("the school’s")
        RETENTION = "retention", _("end of the retention period")

    kind = models.CharField(max_length=10, choices=Kind)
    origin = models.CharField(max_length=10, choices=Origin, db_column="word")
    state = models.CharField(max_length=10, choices=State)
    subjects = ArrayField(models.UUIDField())
    closed_accounts = ArrayField(models.UUIDField(), default=list)
    requested_by = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, max_length=2000)
    undo_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    answers = ArrayField(
        models.CharField(max_length=40), default=list
    )  # of doubtful names: dpa.policy.doubts
    erased_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        db_table = "dpa_deletion"
        ordering = ["-requested_at", "id"]
        indexes = [GinIndex(fields=["subjects"], name="dpa_deletion_subjects")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number people write down: nothing links it to a name once the data is gone."""
        return reference_of(self.pk)

    def can_be_undone(self, now: datetime) -> bool:
        """Return whether it can still be taken back."""
        asked = self.state == self.State.REQUESTED and self.undo_until is not None
        return asked and can_undo(now=now, undo_until=self.undo_until)  # type: ignore[arg-type]

    def start(self, clock: ErasureClock) -> None:
        """Set the clock running."""
        self.state = self.State.REQUESTED
        self.undo_until = clock.undo_until
        self.due_at = clock.due_at


class ErasureEvidence(SharedModel):
    """What proves an erasure, kept when the tenant itself is gone: what, how much, when; never who."""

    tenant_id = models.UUIDField(db_index=True)
    deletion_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10)
    origin = models.CharField(max_length=10, db_column="word")
    counts = models.JSONField(default=dict)
    files = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    erased_at = models.DateTimeField()
    backups_configured = models.BooleanField()
    forgotten_on = models.DateField(null=True)

    class Meta:
        ordering = ["-erased_at", "id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number people wrote down."""
        return reference_of(self.deletion_id)

    @property
    def margin(self) -> timedelta:
        """Return how long before the promised time it was done; negative is late."""
        return self.due_at - self.erased_at

    @property
    def rows(self) -> int:
        """Return how many rows went in all."""
        return sum(self.counts.values())


def reference_of(deletion_id: UUID) -> str:
    """Return a deletion's number as people read it: twelve signs in three groups."""
    text = deletion_id.hex[:12].upper()
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"
