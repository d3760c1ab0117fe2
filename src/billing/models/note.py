"""What people of the house write on a document, a payment or a customer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q

from isolation.models import SharedModel


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
    text = models.TextField(blank=True)
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
