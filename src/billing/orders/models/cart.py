"""What a visitor puts together in the shop before there is an order.

Found by their session only, gone after a while.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from billing.catalogue.models.catalogue import PaymentMethodType
from contracts.models import RedactedTextField
from isolation.models import SharedModel


class Cart(SharedModel):
    """A cart: for which country and kind of client, who buys, what was reviewed and accepted."""

    country = models.CharField(max_length=2, default="FR")
    client = models.CharField(max_length=20, default="consumer")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=5, default="fr")
    contact = models.ForeignKey(
        "billing.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    details = models.JSONField(default=dict)  # who buys, as they typed it; it goes with the cart
    method = models.CharField(max_length=10, choices=PaymentMethodType.choices, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)  # confirmed on the review page (LG-S5.1)
    reviewed_digest = models.CharField(
        max_length=64, blank=True
    )  # of every line, price and total shown there
    terms_version = models.UUIDField(null=True, blank=True)
    terms_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        "billing.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="cart"
    )
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(terms_at=None) | Q(reviewed_at__lte=models.F("terms_at")),
                name="billing_cart_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.client}"

    def touch(self, *, at: datetime, **changed: Any) -> None:
        """Keep a change; what was reviewed and accepted before it no longer counts."""
        for name, value in changed.items():
            setattr(self, name, value)
        self.touched_at = at
        self.reviewed_at = None
        self.reviewed_digest = ""
        self.terms_version = None
        self.terms_at = None
        self.save()

    def mark_reviewed(self, *, at: datetime, digest: str) -> None:
        """Keep that the review page was confirmed, and what it said; terms are accepted after it."""
        self.reviewed_at = at
        self.reviewed_digest = digest
        self.touched_at = at
        self.terms_version = None
        self.terms_at = None
        self.save(update_fields=["reviewed_at", "reviewed_digest", "terms_version", "terms_at", "touched_at"])

    def mark_terms(self, *, at: datetime, version: UUID) -> None:
        """Keep which terms were ticked, and when."""
        self.terms_at = at
        self.terms_version = version
        self.save(update_fields=["terms_at", "terms_version"])

    def mark_placed(self, *, order_id: UUID) -> None:
        """Keep the order it became; what was typed stands there now."""
        self.order_id = order_id
        self.details = {}
        self.save(update_fields=["order", "details"])


class CartLine(SharedModel):
    """A product in a cart."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("billing.Product", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    term_months = models.PositiveSmallIntegerField(default=0)  # 0: the product has no term
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("cart", "product"), name="billing_cartline_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="billing_cartline_at_least_one"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"


class CheckoutSteps(SharedModel):
    """The four steps of an order placed online, each with its time (LG-S5.1)."""

    order = models.OneToOneField("billing.Order", on_delete=models.PROTECT, related_name="steps")
    language = models.CharField(max_length=5, default="fr")
    cart_confirmed_at = models.DateTimeField()
    terms_version = models.UUIDField()
    terms_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)  # or a means of payment saved for after the trial
    confirmed_at = models.DateTimeField(null=True, blank=True)  # the confirmation mail was sent
    leaves_on = models.DateField(
        null=True, blank=True
    )  # the day of dispatch shown before it was placed (LG-S7)

    class Meta:
        db_table = "billing_onlinesteps"
        constraints = (
            models.CheckConstraint(
                condition=Q(cart_confirmed_at__lte=models.F("terms_at"))
                & (Q(paid_at=None) | Q(terms_at__lte=models.F("paid_at")))
                & (Q(confirmed_at=None) | Q(paid_at__lte=models.F("confirmed_at"), paid_at__isnull=False)),
                name="billing_onlinesteps_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id}"


class Refusal(SharedModel):
    """Why an order was not taken, or taken back; the client is told (LG-S5.1r, LG-S6.1e)."""

    cart = models.ForeignKey(Cart, on_delete=models.SET_NULL, null=True, blank=True, related_name="refusals")
    order = models.OneToOneField(
        "billing.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="refusal"
    )
    contact = models.ForeignKey(
        "billing.Contact", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=30)
    words = RedactedTextField(blank=True)  # what finance wrote to the client
    right_net_cents = models.BigIntegerField(
        null=True, blank=True
    )  # of a manifest price error: what it should cost
    email = models.EmailField(blank=True)  # of a buyer who is no client yet
    language = models.CharField(max_length=5, default="fr")
    refused_at = models.DateTimeField()
    refused_on = models.DateField()
    refused_by = models.UUIDField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True, db_column="told_at")

    class Meta:
        ordering = ("-refused_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("cart", "reason", "refused_on"), name="billing_refusal_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=("overdue", "disputed", "abnormal_quantity", "unpaid_online"))
                | ~Q(words=""),
                name="billing_refusal_is_told",
            ),
        )

    def __str__(self) -> str:
        return self.reason
