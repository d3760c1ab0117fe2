"""What pays an invoice: a part of a payment or of a credit note."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from contracts.models import RedactedCharField
from isolation.models import SharedModel


class AllocationQuerySet(models.QuerySet["Allocation"]):
    """Chainable filters on allocations."""

    def active(self) -> AllocationQuerySet:
        """Keep what still pays something: not released, not bounced."""
        return self.filter(released_at=None)

    def effective(self) -> AllocationQuerySet:
        """Keep what counts as paid: credited funds, a transfer proved in writing, or a credit note."""
        return self.active().filter(
            Q(payment__credited_on__isnull=False)
            | Q(payment__proof_on__isnull=False)
            | Q(credit_note__isnull=False)
        )


class Allocation(SharedModel):
    """How much of a payment, or of a credit note, pays an invoice; released, never deleted."""

    payment = models.ForeignKey(
        "billing.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    credit_note = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="given"
    )
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="allocations")
    amount_cents = models.PositiveBigIntegerField()
    allocated_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = RedactedCharField(max_length=300, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("allocated_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_allocation_positive"),
            models.CheckConstraint(
                condition=Q(payment=None, credit_note__isnull=False)
                | Q(payment__isnull=False, credit_note=None),
                name="billing_allocation_one_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_cents} on {self.invoice_id}"
