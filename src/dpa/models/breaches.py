"""Breaches of personal data: the operator's register, whom each concerns, what they were told, what a
controller decided.
"""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dpa.policy.breaches import Nature
from isolation.models import SharedAndTenantModel, SharedModel

NATURES: dict[str, Promise] = {
    Nature.CONFIDENTIALITY: _("confidentiality: somebody read or took it who may not"),
    Nature.INTEGRITY: _("integrity: it was changed"),
    Nature.AVAILABILITY: _("availability: it was lost, or could not be reached"),
}


class DataBreachQuerySet(models.QuerySet["DataBreach"]):
    """Chainable filters for the register."""

    def open(self) -> "DataBreachQuerySet":
        """Return those that are still being dealt with."""
        return self.filter(state=DataBreach.State.OPEN)


class DataBreach(SharedModel):
    """A breach in the register: it stays there with its facts, effects and measures (GDPR 33-5)."""

    class State(models.TextChoices):
        """Where a breach stands."""

        OPEN = "open", _("being dealt with")
        CLOSED = "closed", _("closed")

    is_drill = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    known_at = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    facts = models.TextField(max_length=4000)
    systems = models.TextField(max_length=1000)
    natures = ArrayField(models.CharField(max_length=20, choices=list(NATURES.items())))
    effects = models.TextField(max_length=4000, blank=True)
    measures = models.TextField(max_length=4000, blank=True)
    contact = models.TextField(max_length=500, blank=True)
    categories = ArrayField(models.CharField(max_length=20), default=list)
    account_id = models.UUIDField(null=True)
    not_notified = models.TextField(max_length=4000, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = DataBreachQuerySet.as_manager()

    class Meta:
        ordering = ["-known_at", "id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number it is spoken of by."""
        return self.pk.hex[:8].upper()

    def close(self, *, at: datetime, not_notified: str) -> None:
        """Keep that it is dealt with and, where nobody was told, why."""
        self.state = self.State.CLOSED
        self.closed_at = at
        self.not_notified = not_notified
        self.save(update_fields=["state", "closed_at", "not_notified"])


class AffectedTenant(SharedModel):
    """A tenant a breach concerns, with what was counted inside it."""

    breach = models.ForeignKey(DataBreach, on_delete=models.PROTECT, related_name="affected")
    tenant_id = models.UUIDField(db_index=True)
    is_controller_ours = models.BooleanField(default=False)  # the operator answers for it (LG-D1)
    people = models.JSONField(default=dict)
    records = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["breach", "tenant_id"], name="dpa_affected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id}"

    def mark_counted(self, *, people: dict[str, int], records: dict[str, int], at: datetime) -> None:
        """Keep what was counted."""
        self.people, self.records, self.counted_at = people, records, at
        self.save(update_fields=["people", "records", "counted_at"])


class BreachNotice(SharedModel):
    """One phase of what a controller is told, as it was said; a later one completes it (GDPR 33-4)."""

    affected = models.ForeignKey(AffectedTenant, on_delete=models.PROTECT, related_name="notices")
    tenant_id = models.UUIDField(db_index=True)
    breach_id = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    is_drill = models.BooleanField(default=False)
    told = models.JSONField(default=dict)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["affected", "number"], name="dpa_one_notice_a_phase"),
        ]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.number}"

    @property
    def reference(self) -> str:
        """Return the number of the breach it speaks of."""
        return self.breach_id.hex[:8].upper()

    def moment(self, name: str) -> datetime | None:
        """Return an instant that was told, None for one that wasn't known."""
        said: Any = self.told.get(name)
        return datetime.fromisoformat(said) if said else None


class BreachDeliveryQuerySet(models.QuerySet["BreachDelivery"]):
    """Chainable filters for what was sent."""

    def active(self) -> "BreachDeliveryQuerySet":
        """Return what did not come back."""
        return self.filter(bounced_at=None)


class BreachDelivery(SharedModel):
    """One sending of a notice, kept as it left: its bytes, its moment, its recipients."""

    notice = models.ForeignKey(BreachNotice, on_delete=models.PROTECT, related_name="deliveries")
    tenant_id = models.UUIDField(db_index=True)
    attempt = models.PositiveIntegerField()
    message_key = models.CharField(max_length=200, unique=True)
    recipients = models.TextField(blank=True)
    content = models.BinaryField(null=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    objects = BreachDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["attempt"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "attempt"], name="dpa_one_delivery_an_attempt"),
        ]

    def __str__(self) -> str:
        return self.message_key

    def mark_sent(self, *, to: str, content: bytes, at: datetime) -> None:
        """Keep it as it leaves."""
        self.recipients, self.content, self.sent_at = to, content, at
        self.save(update_fields=["recipients", "content", "sent_at"])

    def mark_bounced(self, *, at: datetime) -> None:
        """Keep that it came back."""
        self.bounced_at = at
        self.save(update_fields=["bounced_at"])


class BreachResponse(SharedAndTenantModel):
    """What a controller decides on a breach: a tenant's in its own schema, the operator's in the shared
    one.
    """

    class Decision(models.TextChoices):
        """What is decided."""

        OPEN = "open", _("not decided yet")
        YES = "yes", _("yes")
        NO = "no", _("no")

    breach_id = models.UUIDField(unique=True)
    is_drill = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    authority = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    authority_reason = models.TextField(max_length=4000, blank=True)
    authority_decided_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=100, blank=True)
    authority_texts = models.JSONField(default=dict)  # by language, by heading
    people = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    people_reason = models.TextField(max_length=4000, blank=True)
    people_decided_at = models.DateTimeField(null=True)
    people_texts = models.JSONField(default=dict)  # by language
    people_sent_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(people_sent_at=None) | Q(people="yes", is_drill=False),
                name="dpa_people_told_as_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.breach_id}"
