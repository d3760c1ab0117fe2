"""A consumer's change of mind: what was withdrawn from, what came back, and the credit notes it led to
(LG-S22).
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.returns.policy.withdrawal import PartWithdrawn, RefundStanding, refund_standing
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class Withdrawal(SharedModel):
    """A notice of withdrawal from an order: the day it was given counts, not the day it was written down."""

    class Channel(models.TextChoices):
        """How the notice came."""

        BUTTON = "button", _("button in the customer area")
        FORM = "form", _("form of withdrawal")
        EMAIL = "email", pgettext_lazy("how a word came", "e-mail")
        OTHER = "other", _("any other clear word")

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="withdrawals")
    how = models.CharField(max_length=10, choices=Channel.choices)
    received_on = models.DateField(db_column="told_on")
    refund_by = models.DateField()
    return_due_on = models.DateField(null=True, blank=True, db_column="goods_back_by")
    sent_on = models.DateField(null=True, blank=True)  # the client proved that the goods were sent
    proof = RedactedCharField(max_length=200, blank=True)
    reason = RedactedCharField(max_length=500, blank=True)  # none is asked
    employees = models.PositiveIntegerField(
        null=True, blank=True
    )  # of a professional protected as a consumer (LG-S3)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_on=None) | Q(sent_on__gte=models.F("received_on")),
                name="billing_withdrawal_sent_after",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id}, {self.received_on}"

    @property
    def refund(self) -> RefundStanding:
        """Return what is owed back now and by when, and whether goods are waited for."""
        return refund_standing([part.as_told for part in self.parts.all()], refund_by=self.refund_by)

    def mark_sent(self, *, on: date, proof: str) -> None:
        """Keep that the goods are on their way back, and what proves it."""
        self.sent_on = on
        self.proof = proof
        self.save(update_fields=["sent_on", "proof"])


class WithdrawnLine(SharedModel):
    """How many of a line were withdrawn from.

    `back` follows goods that had left, a claim's where it took them before; None says they never did.
    """

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="parts")
    line = models.ForeignKey("billing.OrderLine", on_delete=models.PROTECT, related_name="withdrawn")
    quantity = models.PositiveIntegerField()
    back = models.ForeignKey(
        "billing.Return", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawn_parts"
    )

    class Meta:
        ordering = ("line__position",)
        constraints = (
            models.UniqueConstraint(
                fields=("withdrawal", "line", "back"),
                name="billing_withdrawnline_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="billing_withdrawnline_something"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"

    @property
    def as_told(self) -> PartWithdrawn:
        """Return it as the rules of refunds read it."""
        back = self.back
        incomplete_on = back.received_on if back is not None and back.is_undecided else None
        return PartWithdrawn(back is not None, self.secured_on, self.is_refused, incomplete_on)

    @property
    def is_refused(self) -> bool:
        """Return whether its goods came back in a state that gives no refund."""
        return self.back is not None and self.back.state == "refused"

    @property
    def secured_on(self) -> date | None:
        """Return the day from which its price can't be held back any more.

        None while goods are neither here nor sent.
        """
        if self.back is None:
            return self.withdrawal.received_on
        if self.is_refused:
            return None
        here = self.back.received_on if self.back.is_complete or self.back.remedy else None
        days = [day for day in (here, self.withdrawal.sent_on) if day is not None]
        return min(days) if days else None


class WithdrawalCredit(SharedModel):
    """A credit note a withdrawal led to."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="credits")
    note = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("note__issued_on", "note__number")

    def __str__(self) -> str:
        return f"{self.note_id}"
