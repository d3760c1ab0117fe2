"""What the buyer was shown before signing, kept with the order as it was."""

from __future__ import annotations

from django.db import models

from isolation.models import SharedModel


class OfferSheet(SharedModel):
    """What an order promised of one product: features, price, term, renewal, requirements.

    Never changed (LG-S4).
    """

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="offer_sheets")
    product = models.ForeignKey("billing.Product", on_delete=models.PROTECT, related_name="+")
    requirements = models.ForeignKey(
        "billing.Requirements", on_delete=models.PROTECT, null=True, related_name="+"
    )
    language = models.CharField(max_length=5)
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("product__key",)
        constraints = (models.UniqueConstraint(fields=("order", "product"), name="billing_offersheet_once"),)

    def __str__(self) -> str:
        return f"{self.order_id} {self.product_id}"
