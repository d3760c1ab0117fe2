"""How documents reach those they are for, and what became of them there."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from billing.invoicing.models.invoice import Invoice
from billing.invoicing.policy.channels import TRANSMISSION
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class Transmission(SharedModel):
    """The way of one issued document to its recipient."""

    class Channel(models.TextChoices):
        """Chorus Pro for public bodies, an accredited platform for businesses, a report by period for
        consumers.
        """

        CHORUS = "chorus", "Chorus Pro"
        PLATFORM = "platform", "accredited platform"
        REPORT = "report", "consumer report"

    class State(models.TextChoices):
        """Where it is: waiting here, handed over, in the recipient's hands, refused, or paid."""

        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        RECEIVED = "received", "received"
        REFUSED = "refused", "refused"
        PAID = "paid", "paid"

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="dispatch")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reference = models.CharField(max_length=100, blank=True)  # the name the channel gave it
    created_at = models.DateTimeField()

    class Meta:
        db_table = "billing_dispatch"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.channel} {self.state}"

    def move(self, act: str, *, at: datetime, reason: str = "", reference: str = "") -> TransmissionStatus:
        """Do an act of the table and return the event that keeps when, and why. Raises WrongMove."""
        self.state = TRANSMISSION.after(act, self.state)
        self.reference = reference or self.reference
        self.save(update_fields=["state", "reference"])
        return TransmissionStatus.objects.create(dispatch=self, state=self.state, at=at, reason=reason)


class TransmissionStatus(SharedModel):
    """Something that happened to a document on its way; never changed."""

    dispatch = models.ForeignKey(Transmission, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=Transmission.State.choices)
    at = models.DateTimeField()
    reason = RedactedCharField(max_length=500, blank=True)

    class Meta:
        db_table = "billing_dispatchevent"
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.dispatch_id} {self.state}"


class ConsumerReport(SharedModel):
    """What was sold to consumers over a period, in totals per day, rate and category.

    What the administration gets.
    """

    starts_on = models.DateField()
    ends_on = models.DateField()  # half-open
    rows = models.JSONField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="billing_consumerreport_period"
            ),
            models.UniqueConstraint(fields=("starts_on", "ends_on"), name="billing_consumerreport_once"),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
