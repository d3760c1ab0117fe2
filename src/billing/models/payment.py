"""Payments, and what each of them pays."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from billing.models.catalogue import Method
from isolation.models import SharedModel


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Chainable filters on payments."""

    def in_hand(self) -> PaymentQuerySet:
        """Keep what was received and is neither credited nor bounced yet."""
        return self.filter(credited_on=None, bounced_on=None)


class Payment(SharedModel):
    """Money on its way: a cheque is received, then credited; only the second opens anything (LG-S5.2d)."""

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=Method.choices)
    amount_cents = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    reference = models.CharField(max_length=60, blank=True)  # what the payer wrote; never an account or card number
    received_on = models.DateField()
    proof_on = models.DateField(null=True, blank=True)  # written proof that a transfer was executed
    proof_document = models.CharField(max_length=200, blank=True)
    credited_on = models.DateField(null=True, blank=True)
    bounced_on = models.DateField(null=True, blank=True)
    bounce_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-created_at")
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_payment_positive"),
            models.CheckConstraint(
                condition=Q(proof_on=None) | Q(method="transfer"), name="billing_payment_proof_is_for_transfers"
            ),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.amount_cents} {self.currency}"

    @property
    def state(self) -> str:
        """Return "bounced", "credited", "proved" or "received"."""
        if self.bounced_on:
            return "bounced"
        if self.credited_on:
            return "credited"
        return "proved" if self.proof_on else "received"

    def mark_credited(self, *, on: date) -> None:
        """Keep the day on which the funds arrived."""
        self.credited_on = on
        self.save(update_fields=["credited_on"])

    def mark_bounced(self, *, on: date, reason: str) -> None:
        """Keep the day on which the bank took the funds back."""
        self.bounced_on, self.bounce_reason = on, reason
        self.save(update_fields=["bounced_on", "bounce_reason"])


class AllocationQuerySet(models.QuerySet["Allocation"]):
    """Chainable filters on allocations."""

    def standing(self) -> AllocationQuerySet:
        """Keep what still pays something: not released, not bounced."""
        return self.filter(released_at=None)

    def effective(self) -> AllocationQuerySet:
        """Keep what counts as paid: credited funds, a transfer proved in writing, or a credit note."""
        return self.standing().filter(
            Q(payment__credited_on__isnull=False) | Q(payment__proof_on__isnull=False) | Q(credit_note__isnull=False)
        )


class Allocation(SharedModel):
    """How much of a payment, or of a credit note, pays an invoice; released, never deleted."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations")
    credit_note = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="given"
    )
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="allocations")
    amount_cents = models.PositiveBigIntegerField()
    allocated_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("allocated_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_allocation_positive"),
            models.CheckConstraint(
                condition=Q(payment=None, credit_note__isnull=False) | Q(payment__isnull=False, credit_note=None),
                name="billing_allocation_one_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_cents} on {self.invoice_id}"
