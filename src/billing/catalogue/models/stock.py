"""Every move of the stock of things."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models import RedactedCharField
from isolation.models import SharedModel


class StockMove(SharedModel):
    """A change of the stock of a thing; the product keeps their sum."""

    class Reason(models.TextChoices):
        """What moved it."""

        RECEIVED = "received", _("received")
        COUNTED = "counted", _("counted again")
        SOLD = "sold", _("sold")
        RELEASED = "given_back", _("order cancelled")
        RETURNED = "returned", _("returned")
        SUBSTITUTED = "instead", _("kept, or sent, as an equivalent")

    product = models.ForeignKey("billing.Product", on_delete=models.PROTECT, related_name="moves")
    quantity = models.IntegerField()
    left = models.PositiveIntegerField()
    why = models.CharField(max_length=12, choices=Reason.choices)
    order = models.ForeignKey(
        "billing.Order", on_delete=models.PROTECT, null=True, related_name="stock_moves"
    )
    note = RedactedCharField(max_length=200, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ("-moved_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "order", "why"),
                condition=Q(why__in=("sold", "given_back")),
                name="billing_stockmove_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.quantity:+}"
