"""Sub-processors as they stood and as they change, who was told, who objected."""

from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models import RedactedTextField
from dpa.labels import country_name
from dpa.policy import processors as policy
from isolation.models import SharedModel


class ProcessorVersionQuerySet(models.QuerySet["ProcessorVersion"]):
    """Chainable filters on versions of sub-processors."""

    def in_force(self, on: date) -> "ProcessorVersionQuerySet":
        """Return the list as it stood on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)


class ProcessorVersion(SharedModel):
    """A sub-processor as it is for a time: what it does, what it gets, where, by which contract, for whom."""

    class Gar(models.TextChoices):
        """For which tenants, by how their people come."""

        ANY = policy.Gar.ANY, _("all, GAR or not")
        WITHOUT = policy.Gar.WITHOUT, _("only those that don’t come by GAR")
        ONLY = policy.Gar.ONLY, _("only those that come by GAR")

    class Mechanism(models.TextChoices):
        """What lets data leave the European Economic Area."""

        ADEQUACY = policy.ADEQUACY, _("adequacy decision")
        STANDARD_CLAUSES = policy.STANDARD_CLAUSES, _("standard contractual clauses")
        OTHER = policy.OTHER, _("another mechanism")

    processor = models.UUIDField(db_index=True)  # the same through all its versions
    name = models.CharField(max_length=200)
    registration = models.CharField(max_length=60)
    activity = models.CharField(max_length=200)
    categories = ArrayField(models.CharField(max_length=20), default=list)
    country = models.CharField(max_length=2)
    contract_on = models.DateField()
    mechanism = models.CharField(max_length=20, blank=True, choices=Mechanism)
    mechanism_words = models.CharField(max_length=300, blank=True)
    profiles = ArrayField(models.CharField(max_length=30), default=list)
    gar = models.CharField(max_length=10, choices=Gar, default=Gar.ANY)
    is_limited = models.BooleanField(default=False)  # to the tenants named in ProcessorTenant
    gateway = models.CharField(max_length=20, blank=True)  # which of our doors leads to it
    is_demo = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    objects = ProcessorVersionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country__in=sorted(policy.EEA)) | ~Q(mechanism=""),
                name="dpa_processor_transfer_has_mechanism",
            ),
            models.CheckConstraint(
                condition=~Q(mechanism=policy.OTHER) | ~Q(mechanism_words=""),
                name="dpa_processor_other_mechanism_said",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="dpa_processor_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        """Return whether data leaves the European Economic Area."""
        return self.country not in policy.EEA

    @property
    def country_label(self) -> str:
        """Return the country in words."""
        return country_name(self.country)

    def terms(self, tenants: frozenset[UUID]) -> policy.ProcessorTerms:
        """Return what counts of it; `tenants` are those it is limited to."""
        scope = policy.ProcessorScope(frozenset(self.profiles), tenants, self.gar)
        return policy.ProcessorTerms(
            self.name, self.registration, self.country, self.mechanism, frozenset(self.categories), scope
        )

    def mark_started(self, *, on: date) -> None:
        """Set the day from which it is used."""
        self.starts_on = on
        self.save(update_fields=["starts_on"])

    def mark_ended(self, *, on: date) -> None:
        """Set the day from which it is used no more."""
        self.ends_on = on
        self.save(update_fields=["ends_on"])


class ProcessorTenant(SharedModel):
    """One of the tenants a sub-processor is limited to."""

    version = models.ForeignKey(ProcessorVersion, on_delete=models.CASCADE, related_name="limited_to")
    tenant_id = models.UUIDField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "tenant_id"], name="dpa_processor_tenant_once")
        ]

    def __str__(self) -> str:
        return str(self.tenant_id)


class GarTenant(SharedModel):
    """A tenant whose people come by GAR."""

    tenant_id = models.UUIDField(unique=True)
    since = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.tenant_id)


class ProcessorChange(SharedModel):
    """A change of a sub-processor, from its announcement to its start or its withdrawal."""

    class Kind(models.TextChoices):
        """What is different."""

        ADDED = policy.ChangeKind.ADDED, _("a new sub-processor")
        REPLACED = policy.ChangeKind.REPLACED, _("another sub-processor instead")
        WIDENED = policy.ChangeKind.WIDENED, _("for more customers")
        MOVED = policy.ChangeKind.MOVED, _("another country")
        MORE_DATA = policy.ChangeKind.MORE_DATA, _("more data")

    version = models.OneToOneField(ProcessorVersion, on_delete=models.PROTECT, related_name="change")
    replaces = models.ForeignKey(
        ProcessorVersion, on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    kinds = ArrayField(models.CharField(max_length=12, choices=Kind), default=list)
    planned_on = models.DateField()
    announced_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-announced_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_pending(self) -> bool:
        """Return whether it is announced, and neither started nor withdrawn."""
        return self.started_at is None and self.withdrawn_at is None

    @property
    def kind_labels(self) -> list[str]:
        """Return in words what is different."""
        return [str(self.Kind(kind).label) for kind in self.kinds]


class ChangeNotice(SharedModel):
    """A notice of a change to one tenant: received once its mail has left and did not come back."""

    change = models.ForeignKey(ProcessorChange, on_delete=models.CASCADE, related_name="notices")
    tenant_id = models.UUIDField(db_index=True)
    message_key = models.CharField(max_length=200, unique=True)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)  # it came back, or there was nobody to write to
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "tenant_id"],
                condition=Q(returned_at=None),
                name="dpa_change_notice_counts_once",
            )
        ]

    def __str__(self) -> str:
        return self.message_key

    def mark_received(self, *, at: datetime) -> None:
        """Keep when it left: the time to object runs from there."""
        self.received_at = at
        self.save(update_fields=["received_at"])

    def mark_returned(self, *, at: datetime) -> None:
        """Keep that it told nobody."""
        self.returned_at = at
        self.save(update_fields=["returned_at"])


class ChangeObjection(SharedModel):
    """A tenant's objection to a change, on its day, until it is settled."""

    class Origin(models.TextChoices):
        """How it came."""

        PAGE = "page", _("in the privacy pages")
        LETTER = "letter", _("by letter")

    class Settlement(models.TextChoices):
        """What became of it."""

        ACCEPTED = "accepted", _("taken back: the change holds for this tenant too")
        SPARED = "spared", _("the change does not concern this tenant")
        ENDED = "ended", _("the contract has ended")

    change = models.ForeignKey(ProcessorChange, on_delete=models.CASCADE, related_name="objections")
    tenant_id = models.UUIDField(db_index=True)
    origin = models.CharField(max_length=10, choices=Origin)
    objected_on = models.DateField()
    reason = RedactedTextField(max_length=2000)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    settlement = models.CharField(max_length=10, blank=True, choices=Settlement)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "tenant_id"], condition=Q(settled_at=None), name="dpa_objection_open_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def mark_settled(self, *, settlement: str, at: datetime) -> None:
        """Keep what became of it."""
        self.settlement = settlement
        self.settled_at = at
        self.save(update_fields=["settlement", "settled_at"])
