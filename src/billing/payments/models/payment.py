"""Payments, and what each of them pays."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from billing.catalogue.models.catalogue import PaymentMethodType
from billing.payments.policy.online import BEYOND
from contracts.models import RedactedCharField
from isolation.models import SharedModel

#: How money came: what the client chose, and how it arrived in fact; what was debited is stored as "debit".
METHODS = [
    (PaymentMethodType.CHEQUE.value, "cheque"),
    (PaymentMethodType.TRANSFER.value, "transfer"),
    (PaymentMethodType.CARD.value, "card"),
    ("debit", "SEPA debit"),
]


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Chainable filters on payments."""

    def in_hand(self) -> PaymentQuerySet:
        """Keep what was received and is neither credited nor bounced yet."""
        return self.filter(credited_on=None, bounced_on=None)

    def arrived(self) -> PaymentQuerySet:
        """Keep what counts as money: credited, or a transfer proved in writing; not refused since."""
        return self.filter(Q(credited_on__isnull=False) | Q(proof_on__isnull=False), bounced_on=None)


class Payment(SharedModel):
    """Money on its way: a cheque is received, then credited; only the second opens anything (LG-S5.2d)."""

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=METHODS)
    amount_cents = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    reference = models.CharField(
        max_length=60, blank=True
    )  # what the payer wrote; never an account or card number
    received_on = models.DateField()
    proof_on = models.DateField(null=True, blank=True)  # written proof that a transfer was executed
    proof_document = RedactedCharField(max_length=200, blank=True)
    credited_on = models.DateField(null=True, blank=True)
    bounced_on = models.DateField(null=True, blank=True)
    bounce_reason = RedactedCharField(max_length=200, blank=True)
    meant_for = models.ForeignKey(  # what it was sent for; its free part flows there again by itself
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="meant_payments"
    )
    cheque_deposit = models.ForeignKey(
        "billing.ChequeDeposit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cheques",
        db_column="remittance_id",
    )
    funds_missing_since = models.DateField(
        null=True, blank=True, db_column="missing_since"
    )  # proved, and the funds never came
    provider_id = models.CharField(
        max_length=80, null=True, blank=True, unique=True
    )  # the provider's name for it
    provider_fee_cents = models.PositiveBigIntegerField(
        null=True, blank=True
    )  # what the provider kept of it, once it says so
    created_at = models.DateTimeField()

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-created_at")
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_payment_positive"),
            models.CheckConstraint(
                condition=Q(proof_on=None) | Q(method="transfer"),
                name="billing_payment_proof_is_for_transfers",
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

    @property
    def has_arrived(self) -> bool:
        """Return whether it counts as money today."""
        return self.bounced_on is None and (self.credited_on is not None or self.proof_on is not None)

    def mark_cleared(self, *, on: date) -> None:
        """Keep the day on which the funds arrived."""
        self.credited_on = on
        self.funds_missing_since = None
        self.save(update_fields=["credited_on", "funds_missing_since"])

    def note_fee(self, cents: int) -> None:
        """Keep what the provider kept of it."""
        self.provider_fee_cents = cents
        self.save(update_fields=["provider_fee_cents"])

    def mark_bounced(self, *, on: date, reason: str) -> None:
        """Keep the day on which the bank took the funds back."""
        self.bounced_on = on
        self.bounce_reason = reason
        self.save(update_fields=["bounced_on", "bounce_reason"])

    def mark_missing(self, *, on: date) -> None:
        """Keep the day on which we noticed that proved funds had not come."""
        self.funds_missing_since = on
        self.save(update_fields=["funds_missing_since"])

    def set_free(self) -> None:
        """Keep that it no longer flows to the invoice it was sent for: a person took it away."""
        self.meant_for = None
        self.save(update_fields=["meant_for"])


class ClaimAllocationQuerySet(models.QuerySet["ClaimAllocation"]):
    """Chainable filters on what pays claims."""

    def active(self) -> ClaimAllocationQuerySet:
        """Keep what still pays something: not released."""
        return self.filter(released_at=None)

    def effective(self) -> ClaimAllocationQuerySet:
        """Keep what counts as paid: credited funds, or a transfer proved in writing."""
        return self.active().filter(
            Q(payment__credited_on__isnull=False) | Q(payment__proof_on__isnull=False)
        )


class ClaimAllocation(SharedModel):
    """How much of a payment pays a claim for late interest; released, never deleted."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="claim_allocations")
    claim = models.ForeignKey("billing.InterestClaim", on_delete=models.PROTECT, related_name="allocations")
    amount_cents = models.PositiveBigIntegerField()
    allocated_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = RedactedCharField(max_length=300, blank=True)

    objects = ClaimAllocationQuerySet.as_manager()

    class Meta:
        ordering = ("allocated_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_claimallocation_positive"),
        )

    def __str__(self) -> str:
        return f"{self.amount_cents} on {self.claim_id}"


class RefundQuerySet(models.QuerySet["Refund"]):
    """Chainable filters on refunds."""

    def active(self) -> RefundQuerySet:
        """Keep what was given back or is about to be."""
        return self.filter(failed_on=None)

    def within(self) -> RefundQuerySet:
        """Keep what was given back of what its payment brought."""
        return self.active().exclude(reason=BEYOND)

    def undue(self) -> RefundQuerySet:
        """Keep what was given back of money that the bank took back since: it is owed to us."""
        left = Q(payment__bounced_on__isnull=False) | Q(reason=BEYOND)
        rows = self.active().filter(left, made_on__isnull=False)
        return rows.filter(Q(settled_by=None) | Q(settled_by__bounced_on__isnull=False))


class Refund(SharedModel):
    """Money given back of one payment; never more than it brought and no invoice holds."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    note = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )  # the credit note that owed it; none where money was free
    settled_by = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="settles"
    )  # other money of the client that makes good what was given back of money that never came
    amount_cents = models.PositiveBigIntegerField()
    reason = RedactedCharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    asked_by = models.UUIDField(null=True, blank=True)
    made_on = models.DateField(null=True, blank=True)
    failed_on = models.DateField(null=True, blank=True)
    provider_id = models.CharField(max_length=80, null=True, blank=True, unique=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_refund_positive"),
        )

    def __str__(self) -> str:
        return f"{self.amount_cents} of {self.payment_id}"

    @property
    def state(self) -> str:
        """Return "asked", "made", "failed" once the money came back, or "dropped" if it never left."""
        if self.failed_on:
            return "failed" if self.made_on or self.provider_id else "dropped"
        return "made" if self.made_on else "asked"

    def mark_made(self, *, on: date) -> None:
        """Keep the day the money left."""
        self.made_on = on
        self.save(update_fields=["made_on"])

    def mark_settled(self, *, by: Payment) -> None:
        """Keep which other money of the client makes it good."""
        self.settled_by = by
        self.save(update_fields=["settled_by"])

    def mark_failed(self, *, on: date) -> None:
        """Keep that the money came back: the refund stands no more."""
        self.failed_on = on
        self.save(update_fields=["failed_on"])
