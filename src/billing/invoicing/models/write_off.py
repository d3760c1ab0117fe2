"""A receivable that was given up, in whole or in part."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models.invoice import Invoice
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class WriteOffQuerySet(models.QuerySet["WriteOff"]):
    """Chainable filters on write-offs."""

    def active(self) -> WriteOffQuerySet:
        """Keep what was not undone."""
        return self.filter(undone_on=None)


class WriteOff(SharedModel):
    """What is given up of an invoice or of a claim for late interest; undone, never deleted."""

    class Reason(models.TextChoices):
        """Why nobody will pay it."""

        INSOLVENCY = "insolvency", _("insolvency, or liquidation")
        UNTRACEABLE = "untraceable", _("debtor gone, or untraceable")
        UNENFORCEABLE = "unenforceable", _("time-barred, or refused by a court")
        UNECONOMIC = "uneconomic", _("costs more to recover than it is worth")
        GOODWILL = "goodwill", _("gesture to the client")
        OTHER = "other", _("other reason")

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="write_offs"
    )
    claim = models.ForeignKey(
        "billing.InterestClaim", on_delete=models.PROTECT, null=True, blank=True, related_name="write_offs"
    )
    amount_cents = models.PositiveBigIntegerField()
    on = models.DateField()
    reason = models.CharField(max_length=14, choices=Reason.choices)
    words = RedactedCharField(max_length=300)
    is_final = models.BooleanField(default=False)  # and the duplicate of article 272 was sent: VAT comes back
    parts = models.JSONField(default=list)  # of an invoice: what of each part of its VAT is lost
    made_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    undone_on = models.DateField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = RedactedCharField(max_length=300, blank=True)

    objects = WriteOffQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_writeoff_positive"),
            models.CheckConstraint(
                condition=Q(invoice=None, claim__isnull=False) | Q(invoice__isnull=False, claim=None),
                name="billing_writeoff_about_one",
            ),
            models.CheckConstraint(
                condition=Q(undone_on=None) | Q(undone_on__gte=F("on")), name="billing_writeoff_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_cents} of {self.invoice_id or self.claim_id}"

    def mark_undone(self, *, on: date, at: datetime, reason: str) -> None:
        """Keep that it was a mistake: what was given up is asked again."""
        self.undone_on = on
        self.undone_at = at
        self.undo_reason = reason[:300]
        self.save(update_fields=["undone_on", "undone_at", "undo_reason"])
