"""Payment methods a client left at the provider.

Our side of it knows their name there and nothing else (LG-S6.2k).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from isolation.models import SharedModel

if TYPE_CHECKING:
    from uuid import UUID


class SavedMethodQuerySet(models.QuerySet["SavedMethod"]):
    """Chainable filters on saved methods."""

    def active(self) -> SavedMethodQuerySet:
        """Keep what may be charged: not revoked."""
        return self.filter(revoked_at=None)

    def of_customer(self, customer_id: UUID) -> SavedMethod | None:
        """Return the one method a client may be charged on, None without one."""
        return self.active().filter(customer_id=customer_id).first()


class SavedMethod(SharedModel):
    """A card or an account that a client agreed to be charged on; one at a time."""

    class Kind(models.TextChoices):
        """What it is."""

        CARD = "card", "card"
        DEBIT = "debit", "SEPA debit"

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="saved_methods")
    provider_customer_id = models.CharField(max_length=80)
    provider_method_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    detached_at = models.DateTimeField(null=True, blank=True)  # the provider has forgotten it too

    objects = SavedMethodQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(revoked_at=None), name="billing_savedmethod_one_standing"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}, {self.customer_id}"

    def mark_revoked(self, *, at: datetime) -> None:
        """Keep that it is charged no more."""
        self.revoked_at = at
        self.save(update_fields=["revoked_at"])

    def mark_detached(self, *, at: datetime) -> None:
        """Keep that the provider has forgotten it."""
        self.detached_at = at
        self.save(update_fields=["detached_at"])


class MethodSetup(SharedModel):
    """One visit to the provider's page on which a method is left.

    For the trial of an order, or to put another one.
    """

    class State(models.TextChoices):
        """Open on the provider's page, saved, refused, or left alone too long."""

        OPEN = "open", "open"
        SAVED = "saved", "saved"
        FAILED = "failed", "refused"
        EXPIRED = "expired", "expired"

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="method_setups")
    contact = models.ForeignKey("billing.Contact", on_delete=models.PROTECT, related_name="method_setups")
    order = models.ForeignKey(
        "billing.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="method_setups"
    )
    session_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    setup_id = models.CharField(max_length=80, blank=True)  # the provider's name of what the page makes
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    method = models.ForeignKey(
        SavedMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="setups"
    )
    started_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.state}"

    @property
    def is_settled(self) -> bool:
        """Return whether nothing more is expected of it."""
        return self.state != self.State.OPEN

    def save_session(self, *, session_id: str) -> None:
        """Keep the provider's name for the page."""
        self.session_id = session_id
        self.save(update_fields=["session_id"])

    def move(self, *, state: str, setup_id: str, method: SavedMethod | None, at: datetime) -> None:
        """Keep what the provider said when it was asked."""
        self.state = state
        self.setup_id = setup_id or self.setup_id
        self.method = method
        self.looked_at = at
        self.save(update_fields=["state", "setup_id", "method", "looked_at"])
