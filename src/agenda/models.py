"""What must happen when, and what must be told to whom: ids only, never a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isolation.models import SharedModel


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Chainable filters for the agenda."""

    def waiting(self) -> "ObligationQuerySet":
        """Return what is still to be kept."""
        return self.filter(state=Obligation.State.PENDING)

    def runnable(self, now: datetime) -> "ObligationQuerySet":
        """Return what may be run now, the longest due first."""
        return self.waiting().filter(run_at__lte=now).order_by("run_at", "id")

    def late(self, now: datetime) -> "ObligationQuerySet":
        """Return what should have been kept by now and isn't."""
        return self.waiting().filter(due_at__lt=now)

    def note_missed(self, now: datetime) -> int:
        """Return how many of these passed their time unkept; missed from then on, whatever comes."""
        return self.late(now).filter(missed_at=None).update(missed_at=F("due_at"))


class Obligation(SharedModel):
    """Something promised for a time, owed until a keeper keeps it or finds that nothing asks for it any more.

    `run_at` is the first moment its keeper may run, `due_at` the last at which it is still kept; past that it
    is missed, and stays so. Unique per clause, kind, subject and occurrence.
    """

    class State(models.TextChoices):
        """Where a promise stands."""

        PENDING = "owed", _("owed")
        KEPT = "kept", _("kept")
        MOOT = "dropped", _("no longer needed")

    tenant_id = models.UUIDField(null=True, db_index=True)
    clause = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField()
    occurrence = models.CharField(max_length=40, blank=True)
    run_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "kind", "subject_id", "occurrence"], name="agenda_promised_once"
            ),
        ]
        indexes = [
            models.Index(fields=["run_at", "id"], name="agenda_runnable", condition=Q(state="owed")),
            models.Index(fields=["due_at"], name="agenda_due", condition=Q(state="owed")),
            models.Index(fields=["clause", "settled_at"], name="agenda_kept", condition=Q(state="kept")),
            models.Index(fields=["missed_at"], name="agenda_missed", condition=Q(missed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.kind}".strip()

    def close(self, *, state: str, at: datetime, evidence: Mapping[str, Any]) -> None:
        """Take it off the agenda as kept or moot; kept past its time, it is missed."""
        self.state = state
        self.settled_at = at
        self.evidence = dict(evidence)
        if state == self.State.KEPT and at > self.due_at and self.missed_at is None:
            self.missed_at = self.due_at

    @property
    def subject(self) -> Any:
        """Return the uuid of what is promised about."""
        return self.subject_id

    @property
    def margin(self) -> Any:
        """Return how long before its time it was kept (negative: late), or None while owed."""
        return None if self.settled_at is None else self.due_at - self.settled_at


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    """Chainable filters for the outbox."""

    def late(self, now: datetime) -> "OutboxMessageQuerySet":
        """Return what should have left by now and waits, however often it was tried meanwhile."""
        return self.filter(state=OutboxMessage.State.WAITING, due_at__lt=now)


class OutboxMessage(SharedModel):
    """A message to send: a template and ids, rendered inside its tenant at the moment of sending.

    `send_at` is when it is tried next, `due_at` the last moment at which it leaves in time.
    """

    class State(models.TextChoices):
        """Where a message stands."""

        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        MOOT = "moot", _("no longer needed")

    tenant_id = models.UUIDField(null=True, db_index=True)
    template = models.CharField(max_length=100)
    ids = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["send_at"], name="agenda_to_send", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.template
