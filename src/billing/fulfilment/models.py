"""The shop: what is on the shelves, what leaves on which day, what comes back and why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.fulfilment.policy.states import DELIVERY
from contracts.models import RedactedCharField, RedactedTextField
from isolation.models import SharedModel


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Chainable filters on deliveries."""

    def to_ship(self) -> DeliveryQuerySet:
        """Keep what has not left."""
        return self.filter(state=Delivery.State.PLANNED)

    def of_day(self, day: date) -> DeliveryQuerySet:
        """Keep what leaves, or left, on a day."""
        return self.filter(leaves_on=day)


class Delivery(SharedModel):
    """The parcel of an order: when it leaves, by when it was promised, when it came into the client's
    hands.
    """

    class State(models.TextChoices):
        """Where the parcel is."""

        PLANNED = "planned", _("to be shipped")
        SHIPPED = "shipped", _("on its way")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    order = models.OneToOneField("billing.Order", on_delete=models.PROTECT, related_name="delivery")
    number = models.CharField(max_length=35, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    leaves_on = models.DateField()  # a Tuesday or a Thursday (LG-S7)
    announced_on = models.DateField(null=True, blank=True)  # the day shown when it was ordered
    moved_because = models.CharField(max_length=20, blank=True)  # a code: why it leaves on another day
    client_days = models.PositiveIntegerField(default=0)  # of which the client's own act kept it here
    moved_words = RedactedCharField(max_length=200, blank=True)  # and what whoever sent it wrote of it
    promised_on = (
        models.DateField()
    )  # the delivery date shown; 30 days for a consumer where none was (LG-S7c)
    carrier = models.CharField(max_length=80, blank=True)
    tracking = models.CharField(max_length=80, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    notice_on = models.DateField(null=True, blank=True)  # the consumer's formal notice to deliver
    ended_on = models.DateField(null=True, blank=True)  # the consumer ended the sale; refund within 14 days
    created_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("leaves_on", "number")

    def __str__(self) -> str:
        return self.number

    @property
    def indicated_on(self) -> date:
        """Return the date its client was given: the day agreed, the day shown, else the last one promised.

        Each later by the days that the client kept it here.
        """
        if self.order.deliver_by or self.announced_on is None:
            return self.promised_on
        return self.announced_on + timedelta(days=self.client_days)

    def wait_for_client(self, *, days: int, promised_on: date) -> None:
        """Keep for how many days more it waited for its client, and by when it is promised now."""
        self.client_days += days
        self.promised_on = promised_on
        self.save(update_fields=["client_days", "promised_on"])

    def move_to(self, day: date, *, because: str) -> None:
        """Let it leave on another day, and keep why."""
        self.leaves_on = day
        self.moved_because = because
        self.save(update_fields=["leaves_on", "moved_because"])

    def mark_shipped(self, *, at: datetime, on: date, carrier: str, tracking: str, words: str) -> None:
        """Keep that it left, on which day, and why where that is another day than planned."""
        self.state = DELIVERY.after("ship", self.state)
        self.leaves_on = on
        self.moved_words = words
        self.shipped_at = at
        self.carrier = carrier
        self.tracking = tracking
        names = ["state", "shipped_at", "carrier", "tracking", "leaves_on", "moved_words"]
        self.save(update_fields=names)

    def mark_delivered(self, *, on: date) -> None:
        """Keep that it is in the client's hands."""
        self.state = DELIVERY.after("arrive", self.state)
        self.delivered_on = on
        self.save(update_fields=["state", "delivered_on"])

    def mark_cancelled(self, *, on: date | None = None) -> None:
        """Keep that it leaves no more; `on` is the day a consumer ended the sale."""
        self.state = DELIVERY.after("end" if on else "cancel", self.state)
        self.ended_on = on
        self.save(update_fields=["state", "ended_on"])


class Return(SharedModel):
    """Things that come back, with a slip and a number.

    A withdrawal, or a claim on a warranty (LG-S9, LG-S22).
    """

    class Ground(models.TextChoices):
        """Why they come back."""

        WITHDRAWAL = "withdrawal", _("withdrawal")
        CONFORMITY = "conformity", _("guarantee of conformity")
        HIDDEN_DEFECT = "hidden_defect", _("hidden defect")
        WARRANTY = "warranty", _("contractual warranty")

    class State(models.TextChoices):
        """Where the claim is."""

        OPEN = "open", _("waiting for the goods")
        RECEIVED = "received", _("goods received")
        ENDED = "ended", _("settled")
        REFUSED = "refused", _("refused")

    number = models.CharField(max_length=35, unique=True)
    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="returns")
    product = models.ForeignKey("billing.Product", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    ground = models.CharField(max_length=15, choices=Ground.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    problem = RedactedTextField(blank=True)
    claimed_on = models.DateField()
    discovered_on = models.DateField(null=True, blank=True)  # hidden defects count from there
    proof = RedactedCharField(max_length=200, blank=True)  # what proves a hidden defect
    requested_remedy = models.CharField(
        max_length=15, blank=True, db_column="wish"
    )  # the consumer's choice: repair or replacement
    received_on = models.DateField(null=True, blank=True)
    is_complete = models.BooleanField(null=True)
    remedy = models.CharField(max_length=20, blank=True, db_column="ending")
    refusal = models.CharField(max_length=40, blank=True)
    words = RedactedCharField(max_length=500, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    credit_note = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, related_name="+")
    replacement = models.OneToOneField(  # the order, free of charge, by which another one is sent
        "billing.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("open", "received"), settled_on=None)
                | Q(state__in=("ended", "refused"), settled_on__isnull=False),
                name="billing_return_settled",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_withdrawn(self) -> bool:
        """Return whether its goods come back because a consumer withdrew (LG-S22)."""
        return self.ground == Return.Ground.WITHDRAWAL

    @property
    def withdrawn(self) -> Any:
        """Return what of a line it brings back; of one on several lines the first. Raises IndexError."""
        return list(self.withdrawn_parts.all())[0]

    @property
    def is_undecided(self) -> bool:
        """Return whether its goods came back incomplete and nobody has said yet what that means."""
        return self.state == Return.State.RECEIVED and not self.is_complete
