"""Notes, and mailings to many."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q

from contracts.models import RedactedTextField
from isolation.models import SharedModel


class Mailing(SharedModel):
    """One sending; its key comes from the form it was asked with, so that the same form asks once."""

    class Kind(models.TextChoices):
        """What is sent again, or asked for."""

        INVOICES = "invoices", "invoices"
        REMINDERS = "reminders", "reminders"
        QUOTES = "quotes", "quotes"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.kind}, {self.asked_at}"

    def mark_done(self, *, at: datetime) -> None:
        """Keep that every row was seen to."""
        self.done_at = at
        self.save(update_fields=["done_at"])


class MailingRow(SharedModel):
    """One recipient of a sending, with all the documents that concern them in one mail."""

    class State(models.TextChoices):
        """Not seen to yet, given to the outbox, or left out for a reason."""

        WAITING = "waiting", "waiting"
        POSTED = "posted", "posted"
        LEFT_OUT = "left_out", "left out"

    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    contact = models.ForeignKey("billing.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="+")
    documents = models.JSONField()  # key and number of each
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("mailing", "position")
        constraints = (
            models.UniqueConstraint(fields=("mailing", "contact"), name="billing_mailingrow_once"),
            models.UniqueConstraint(fields=("mailing", "position"), name="billing_mailingrow_place"),
        )

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.position}"

    @property
    def keys(self) -> list[str]:
        """Return the keys of its documents."""
        return [key for key, _number in self.documents]

    @property
    def message_key(self) -> str:
        """Return the name its mail has in the outbox."""
        return f"mailing:{self.pk}"

    def mark(self, state: str, *, reason: str = "") -> None:
        """Keep what became of it."""
        self.state = state
        self.reason = reason
        self.save(update_fields=["state", "reason"])


class Note(SharedModel):
    """A few words on something, never edited; only erased, because they may name a person."""

    class Kind(models.TextChoices):
        """What a note can be on."""

        CUSTOMER = "customer", "customer"
        QUOTE = "quote", "quote"
        ORDER = "order", "order"
        INVOICE = "invoice", "invoice"
        PAYMENT = "payment", "payment"
        CLAIM = "claim", "claim"
        PRO_FORMA = "pro_forma", "pro forma"
        SUBSCRIPTION = "subscription", "subscription"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_id = models.UUIDField()
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="notes")
    text = RedactedTextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-written_at",)
        indexes = (models.Index(fields=("kind", "subject_id"), name="billing_note_subject"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_at=None) & ~Q(text="") | Q(erased_at__isnull=False, text=""),
                name="billing_note_words_or_erased",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    def erase(self, *, at: datetime, by: UUID | None) -> None:
        """Take its words away; that there was a note, when and by whom stays."""
        self.text = ""
        self.erased_at = at
        self.erased_by = by
        self.save(update_fields=["text", "erased_at", "erased_by"])
