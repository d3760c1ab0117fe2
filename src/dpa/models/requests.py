"""Requests of the people whose data it is: those that reached the operator, those a controller answers, what
is frozen meanwhile, and what a controller instructs.
"""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.models import RedactedTextField
from dpa.policy.requests import DataRight
from isolation.models import SharedModel, TenantModel

RIGHTS: dict[str, Promise] = {
    DataRight.ACCESS: _("see what is held about them"),
    DataRight.RECTIFICATION: _("have it corrected"),
    DataRight.ERASURE: _("have it deleted"),
    DataRight.RESTRICTION: _("have it frozen: kept, and used for nothing"),
    DataRight.PORTABILITY: _("take it along in a format for programs"),
    DataRight.OBJECTION: _("object to a use of it"),
    DataRight.HUMAN_REVIEW: _("have a person look at a decision again"),
    DataRight.CONSENT: _("withdraw a consent"),
}


class ReceivedRequest(SharedModel):
    """A request that reached the operator. Who wrote and what goes to the controller and leaves this row."""

    class Channel(models.TextChoices):
        """How it came."""

        FORM = "form", _("by the form of the site")
        MAIL = "mail", _("by e-mail")
        LETTER = "letter", _("by letter")
        PHONE = "phone", _("by phone")

    channel = models.CharField(max_length=10, choices=Channel)
    right = models.CharField(max_length=20, choices=list(RIGHTS.items()))
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tenant_id = models.UUIDField(null=True, db_index=True)
    organisation = models.CharField(max_length=200, blank=True)  # as the person wrote it, until it is found
    sender = models.CharField(max_length=200, blank=True)
    contact = models.EmailField(max_length=254, blank=True)
    words = RedactedTextField(max_length=4000, blank=True)
    request_id = models.UUIDField(null=True)  # the controller's, in its own schema
    is_ours = models.BooleanField(default=False)  # the operator answers for it (LG-D1)
    attempt = models.PositiveIntegerField(default=0)
    forwarded_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    instructed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    dropped_for = RedactedTextField(max_length=1000, blank=True)  # why there is nobody to forward it to
    dropped_at = models.DateTimeField(null=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number it is spoken of by: the controller's own, once it has it."""
        return (self.request_id or self.pk).hex[:8].upper()

    @property
    def is_placed(self) -> bool:
        """Return whether it lies with who answers it."""
        return self.request_id is not None

    @property
    def message_key(self) -> str:
        """Return the key of the mail that tells the controller of it."""
        return f"request-forward-{self.pk}-{self.attempt}"


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    """Chainable filters for requests."""

    def open(self) -> "DataRequestQuerySet":
        """Return those without an answer yet."""
        return self.filter(state=DataRequest.State.OPEN)

    def about(self, ids: Any) -> "DataRequestQuerySet":
        """Return those asked by one of these people, or about one of them."""
        return self.filter(Q(subjects__overlap=list(ids)) | Q(person_id__in=ids))


class DataRequest(TenantModel):
    """A request a controller answers: who asked and what is emptied when they are erased, the clock stays."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("to be answered")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back by the person")

    class Origin(models.TextChoices):
        """How it came."""

        APP = "app", _("asked here")
        STAFF = "staff", _("recorded here")
        OPERATOR = "operator", _("forwarded by the operator")

    right = models.CharField(max_length=20, choices=list(RIGHTS.items()))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    origin = models.CharField(max_length=10, choices=Origin)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    clause = models.CharField(max_length=20)
    person_id = models.UUIDField(null=True)
    subjects = ArrayField(models.UUIDField(), default=list)
    sender = models.CharField(max_length=200, blank=True)
    contact = models.EmailField(max_length=254, blank=True)
    words = RedactedTextField(max_length=4000, blank=True)
    extended_at = models.DateTimeField(null=True)
    extension_reason = RedactedTextField(max_length=2000, blank=True)
    identity_asked_at = models.DateTimeField(null=True)
    identity_seen_at = models.DateTimeField(null=True)
    proof_gone_at = models.DateTimeField(null=True)
    answer = RedactedTextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    received_id = models.UUIDField(null=True)  # the operator's row of it

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "id"]
        indexes = [GinIndex(fields=["subjects"], name="dpa_request_subjects")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number it is spoken of by."""
        return self.pk.hex[:8].upper()

    @property
    def is_open(self) -> bool:
        """Return whether it waits for an answer."""
        return self.state == self.State.OPEN

    def is_late(self, now: datetime) -> bool:
        """Return whether its time is over without an answer."""
        return self.is_open and now > self.due_at

    def close(self, *, state: str, answer: str, by: Any, at: datetime) -> None:
        """Keep what was answered, or that it was taken back."""
        self.state, self.answer = state, answer
        self.answered_at, self.answered_by = at, by
        self.save(update_fields=["state", "answer", "answered_at", "answered_by"])


class Restriction(TenantModel):
    """Data that is kept and used for nothing (GDPR 18): nobody sees it but who exports it."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="restrictions")
    subjects = ArrayField(models.UUIDField())
    accounts = ArrayField(models.UUIDField(), default=list)
    began_at = models.DateTimeField()
    began_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-began_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(ended_at=None), name="dpa_one_restriction_a_request"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Instruction(SharedModel):
    """What a controller tells the operator to do with its data, in writing (LG-D6i)."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("given")
        DONE = "done", _("carried out")
        UNLAWFUL = "unlawful", _("not carried out: against the law, we think")

    tenant_id = models.UUIDField(db_index=True)
    text = RedactedTextField(max_length=4000)
    author_id = models.UUIDField()
    request_id = models.UUIDField(null=True)  # the request it says to answer
    given_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = RedactedTextField(max_length=4000, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-given_at", "id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Return the number it is spoken of by."""
        return self.pk.hex[:8].upper()
