"""An export somebody asked for, from the wish to the file's end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from exports.policy.keeping import is_open
from isolation.models import TenantModel


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Chainable filters for exports."""

    def unfinished(self) -> "ExportJobQuerySet":
        """Return those waiting or being built."""
        return self.filter(state__in=(ExportJob.State.WAITING, ExportJob.State.BUILDING))

    def holding(self, ids: Any) -> "ExportJobQuerySet":
        """Return those that hold, or were to hold, data of one of these people."""
        return self.filter(about__overlap=list(ids))


class ExportJob(TenantModel):
    """One archive: what is in it, how far it is, until when it can be fetched."""

    class State(models.TextChoices):
        """Where an export stands."""

        WAITING = "waiting", _("waiting")
        BUILDING = "building", _("being built")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("gone")

    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField()
    language = models.CharField(max_length=5, default="fr")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    about = ArrayField(models.UUIDField(), default=list)
    plan = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=255, blank=True)
    size = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=20, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "id"]
        indexes = [GinIndex(fields=["about"], name="exports_about")]
        constraints = [
            models.UniqueConstraint(
                fields=["requested_by", "kind", "subject_id"],
                condition=models.Q(state__in=("waiting", "building")),
                nulls_distinct=False,
                name="exports_asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_finished(self) -> bool:
        """Return whether nothing more will be built."""
        return self.state in {self.State.READY, self.State.FAILED, self.State.EXPIRED}

    def can_be_fetched(self, now: datetime) -> bool:
        """Return whether the archive is there and its seven days aren't over."""
        return (
            self.state == self.State.READY
            and self.ready_at is not None
            and is_open(now=now, ready_at=self.ready_at)
        )

    def seconds_left(self, now: datetime) -> int | None:
        """Return about how long the rest will take, from the pace so far; None before there is one."""
        if self.state != self.State.BUILDING or not self.done or self.started_at is None:
            return None
        return round((now - self.started_at).total_seconds() / self.done * (self.total - self.done))

    def plan_steps(self, *, steps: list[str], about: list[UUID], now: datetime) -> None:
        """Write down what will be built and start from the first step."""
        self.plan = steps
        self.about = about
        self.total = len(steps) + 1
        self.done = 0
        self.state = self.State.BUILDING
        self.started_at = now
        self.save(update_fields=["plan", "about", "total", "done", "state", "started_at"])

    def finish(self, *, file: str, size: int, at: datetime, until: datetime) -> None:
        """Mark the archive as there."""
        self.state = self.State.READY
        self.file = file
        self.size = size
        self.ready_at = at
        self.expires_at = until
        self.done = self.total
        self.save(update_fields=["state", "file", "size", "ready_at", "expires_at", "done"])

    def end(self, *, reason: str) -> None:
        """Mark the archive as gone."""
        self.state = self.State.EXPIRED
        self.reason = reason
        self.file = ""
        self.plan = []
        self.about = []
        self.save(update_fields=["state", "reason", "file", "plan", "about"])
