"""Things that can't be had after their order was validated.

The equivalent proposed, its answer, what is given back.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.orders.policy.states import UNAVAILABLE_LINE
from isolation.models import SharedModel


class UnavailableLine(SharedModel):
    """How many of a line can't be delivered, since when it is certain, and what becomes of it (LG-S10.1)."""

    class State(models.TextChoices):
        """Whose word it waits for, or how it ended."""

        ASKED = "asked", _("the client was asked")
        AGREED = "agreed", _("the equivalent is sent")
        REFUNDED = "refunded", _("credited and paid back")

    line = models.OneToOneField("billing.OrderLine", on_delete=models.PROTECT, related_name="unavailable")
    quantity = models.PositiveIntegerField()
    confirmed_on = models.DateField()
    substitute = models.ForeignKey(
        "billing.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_column="equivalent_id",
    )
    unit_net_cents = models.PositiveIntegerField(null=True, blank=True)  # what one of it costs the client
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    answer_by = models.DateField()
    refund_by = models.DateField()
    answered_on = models.DateField(null=True, blank=True)  # None: nobody was asked, or nobody answered
    created_at = models.DateTimeField()

    class Meta:
        db_table = "billing_impossible"
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="billing_impossible_something"),
            models.CheckConstraint(
                condition=Q(state="refunded") | Q(substitute__isnull=False, unit_net_cents__isnull=False),
                name="billing_impossible_equivalent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"

    @property
    def lowered_cents(self) -> int:
        """Return by how much an equivalent that costs less lowers the price of its line, excluding VAT."""
        if self.state != self.State.AGREED or self.unit_net_cents is None:
            return 0
        return self.quantity * (self.line.unit_net_cents - self.unit_net_cents)

    def end(self, act: str, *, answered_on: date | None) -> None:
        """Keep how it ended, and the day of the client's word. Raises WrongMove."""
        self.state = UNAVAILABLE_LINE.after(act, self.state)
        self.answered_on = answered_on
        self.save(update_fields=["state", "answered_on"])


class UnavailableLineCredit(SharedModel):
    """A credit note it led to."""

    unavailable_line = models.ForeignKey(
        UnavailableLine, on_delete=models.PROTECT, related_name="credits", db_column="impossible_id"
    )
    note = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "billing_impossiblecredit"
        ordering = ("note__issued_on", "note__number")

    def __str__(self) -> str:
        return f"{self.note_id}"
