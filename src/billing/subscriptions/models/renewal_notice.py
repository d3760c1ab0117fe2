"""What a client was told before a renewal, and when it left."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import TruncDate

from agenda.models import OutboxMessage
from billing.money.policy.days import PARIS
from billing.subscriptions.models.subscription import Subscription
from billing.subscriptions.policy import renewal
from isolation.models import SharedModel


class RenewalNoticeQuerySet(models.QuerySet["RenewalNotice"]):
    """Chainable filters on notices of renewals."""

    def with_leaving(self) -> models.QuerySet[Any]:
        """Annotate the day in Paris on which the mail of each left, as `left_on`; None while it waits."""
        mail = OutboxMessage.objects.filter(
            key=models.OuterRef("message_key"), state=OutboxMessage.State.SENT
        )
        day = mail.annotate(day=TruncDate("sent_at", tzinfo=PARIS)).values("day")[:1]
        rows: models.QuerySet[Any] = self.annotate(left_on=models.Subquery(day))
        return rows

    def told(self) -> models.QuerySet[Any]:
        """Keep what binds: its mail has left, and did not come back (LG-S14.2n)."""
        return self.with_leaving().filter(bounced_on=None, left_on__isnull=False)


class RenewalNotice(SharedModel):
    """What a client was told before a renewal.

    Its day, price and terms, and the proof that it left (LG-S14.2n).
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="notices")
    renews_on = models.DateField()
    unit_net_cents = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    options = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField())
    )  # product, quantity, price
    terms_version = models.UUIDField(null=True, blank=True)
    method = models.CharField(max_length=10, blank=True)  # how it is to be paid, as it was told
    sent_on = models.DateField()  # the day it was written; `left_on` is the day that counts
    message_key = models.CharField(max_length=200)  # the outbox's: when it left is read there
    bounced_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = RenewalNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-renews_on", "-created_at")

    def __str__(self) -> str:
        return f"{self.renews_on}"

    @property
    def announcement(self) -> renewal.Announcement:
        """Return what was told, the day its mail left, as the policy reads it; ask it of what was told."""
        left_on: date = getattr(self, "left_on")  # noqa: B009 - annotated
        return renewal.Announcement(left_on, self.unit_net_cents, str(self.terms_version or ""))

    @property
    def net_cents(self) -> int:
        """Return the price of the next term without VAT, options counted."""
        options = (int(row["unit_net_cents"]) * int(row["quantity"]) for row in self.options)
        return self.unit_net_cents * self.quantity + sum(options)

    @property
    def asks(self) -> tuple[int, str, list[tuple[str, int]]]:
        """Return what the next term is told to be for and how it is paid, whatever it costs."""
        options = sorted((str(row["product"]), int(row["quantity"])) for row in self.options)
        return self.quantity, self.method, options

    def restate(self, **told: Any) -> None:
        """Keep what it tells, where that changed before its mail left."""
        for name, value in told.items():
            setattr(self, name, value)
        self.save(update_fields=list(told))

    def mark_bounced(self, *, on: date) -> None:
        """Keep that its mail came back."""
        self.bounced_on = on
        self.save(update_fields=["bounced_on"])
