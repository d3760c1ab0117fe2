"""Paying on the payment provider's own page: our side of it.

No card or bank number ever comes here (LG-S6.2k).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q

from billing.payments.models.saved import MethodSetup
from isolation.models import SharedModel

if TYPE_CHECKING:
    from billing.invoicing.models import Invoice


class Checkout(SharedModel):
    """One attempt to pay online, from the button to the money.

    An invoice, or an order whose invoice comes with it.
    """

    class State(models.TextChoices):
        """Open on the provider's page, on its way (a debit takes days), paid, refused, or left alone too
        long.
        """

        OPEN = "open", "open"
        PROCESSING = "processing", "on its way"
        PAID = "paid", "paid"
        FAILED = "failed", "refused"
        EXPIRED = "expired", "expired"

    invoice = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="checkouts"
    )
    order = models.ForeignKey(  # what was placed online; its invoice is issued when money comes
        "billing.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="checkouts"
    )
    contact = models.ForeignKey(
        "billing.Contact", on_delete=models.PROTECT, null=True, related_name="checkouts"
    )
    method = models.ForeignKey(  # charged without its holder; None: paid on the provider's page
        "billing.SavedMethod", on_delete=models.PROTECT, null=True, blank=True, related_name="checkouts"
    )
    amount_cents = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    session_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    intent_id = models.CharField(max_length=80, null=True, blank=True, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="checkout"
    )
    started_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)  # when the provider was last asked

    class Meta:
        ordering = ("-started_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="billing_checkout_positive"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False) | Q(order__isnull=False),
                name="billing_checkout_has_an_aim",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id or self.order_id}: {self.state}"

    @property
    def target_id(self) -> UUID:
        """Return the name of what it pays: the order it was begun for, else the invoice."""
        found = self.order_id or self.invoice_id
        assert found is not None, "an attempt has an aim"
        return found

    @property
    def customer_id(self) -> UUID:
        """Return who pays."""
        about = self.order or self.invoice
        assert about is not None, "an attempt has an aim"
        return about.customer_id

    @property
    def label(self) -> str:
        """Return the number of what it pays, as the payer knows it."""
        about = self.invoice or self.order
        assert about is not None, "an attempt has an aim"
        return about.number

    @property
    def is_settled(self) -> bool:
        """Return whether nothing more is expected of it but refunds and disputes."""
        return self.state in {self.State.PAID, self.State.FAILED, self.State.EXPIRED}

    def save_session(self, *, session_id: str) -> None:
        """Keep the provider's name for the page."""
        self.session_id = session_id
        self.save(update_fields=["session_id"])

    def put_on(self, invoice: Invoice) -> None:
        """Keep the invoice that was issued for its order."""
        self.invoice = invoice
        self.save(update_fields=["invoice"])

    def move(self, *, state: str, at: datetime, intent_id: str | None) -> None:
        """Keep what the provider said when it was asked."""
        self.state = state
        self.looked_at = at
        self.intent_id = intent_id or self.intent_id
        self.save(update_fields=["state", "looked_at", "intent_id"])


class WebhookEvent(SharedModel):
    """A signed message of the provider: its name, never its content; what it is about is asked for again."""

    event_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=80)
    session_id = models.CharField(max_length=120, blank=True)
    intent_id = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    checkout = models.ForeignKey(
        Checkout, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    setup = models.ForeignKey(
        "billing.MethodSetup", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )

    class Meta:
        db_table = "billing_providerevent"
        ordering = ("-received_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"

    def mark_handled(self, *, at: datetime, about: Checkout | MethodSetup | None) -> None:
        """Keep that it was looked into, and what it was about; None: nothing of ours."""
        self.handled_at = at
        self.checkout = about if isinstance(about, Checkout) else None
        self.setup = about if isinstance(about, MethodSetup) else None
        self.save(update_fields=["handled_at", "checkout", "setup"])
