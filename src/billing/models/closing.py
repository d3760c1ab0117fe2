"""Accounts that are closed: until when, by whom, and what they added up to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zlib import decompress

from django.db import models
from django.db.models import F, Q

from isolation.models import SharedModel


class ClosedPeriodQuerySet(models.QuerySet["ClosedPeriod"]):
    """Chainable filters on closed periods."""

    def standing(self) -> ClosedPeriodQuerySet:
        """Keep those that were not opened again."""
        return self.filter(reopened_at=None)


class ClosedPeriod(SharedModel):
    """A half-open period in which nothing is dated any more.

    Its figures and its file of entries are kept as they were.
    """

    starts_on = models.DateField()
    ends_on = models.DateField()  # the first open day
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True, blank=True)
    figures = models.JSONField()  # the balances, entry by entry of the plan of accounts, and the VAT due
    fec = models.BinaryField()  # the file of accounting entries, compressed
    fec_sha256 = models.CharField(max_length=64)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.UUIDField(null=True, blank=True)
    reopen_reason = models.CharField(max_length=300, blank=True)

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        ordering = ("-ends_on", "-closed_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="billing_closedperiod_period"
            ),
            models.UniqueConstraint(
                fields=("starts_on",), condition=Q(reopened_at=None), name="billing_closedperiod_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    @property
    def fec_text(self) -> bytes:
        """Return the file of entries as it was when the period was closed."""
        return decompress(bytes(self.fec))

    @property
    def is_intact(self) -> bool:
        """Return whether the file still has the digest it was closed with."""
        return sha256(self.fec_text).hexdigest() == self.fec_sha256

    def reopen(self, *, at: datetime, by: UUID | None, reason: str) -> None:
        """Keep that it is open again, by whom and why."""
        self.reopened_at = at
        self.reopened_by = by
        self.reopen_reason = reason
        self.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])

    @property
    def last_day(self) -> date:
        """Return the last day that is closed."""
        return self.ends_on - timedelta(days=1)
