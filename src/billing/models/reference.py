"""References: the customers who let us name them, with the logo they gave (LG-S26)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from isolation.models import SharedModel


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """Chainable filters on references."""

    def standing(self) -> ReferenceQuerySet:
        """Keep those nobody took back."""
        return self.filter(revoked_on=None)


class Reference(SharedModel):
    """A customer's word that we may name them: since when, on whose word, and until they take it back."""

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="references")
    name = models.CharField(max_length=200)  # as the customer wants to be named
    logo = models.BinaryField(blank=True, default=bytes)  # a PNG written anew, empty without one
    agreed_on = models.DateField()
    word = models.CharField(max_length=200)  # who agreed, and how
    revoked_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(revoked_on=None), name="billing_reference_one_stands"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def revoke(self, *, on: date) -> None:
        """Keep the day it was taken back."""
        self.revoked_on = on
        self.save(update_fields=["revoked_on"])

    def replace(
        self, *, name: str, logo: bytes | None, agreed_on: date, word: str, created_at: datetime
    ) -> None:
        """Keep what the customer says now; without a new logo the one there stays."""
        self.name = name
        self.agreed_on = agreed_on
        self.word = word
        self.created_at = created_at
        self.logo = self.logo if logo is None else logo
        self.save()
