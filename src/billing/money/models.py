"""Numbers taken without a gap, and the periods whose books are closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zlib import decompress

from django.db import models
from django.db.models import F, Q

from contracts.models import RedactedCharField
from isolation.models import SharedModel


class ClosedPeriodQuerySet(models.QuerySet["ClosedPeriod"]):
    """Chainable filters on closed periods."""

    def active(self) -> ClosedPeriodQuerySet:
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
    reopen_reason = RedactedCharField(max_length=300, blank=True)

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


class NumberSeriesManager(models.Manager["NumberSeries"]):
    """Takes the next number of a series."""

    def take(self, kind: str, year: int) -> int:
        """Return the next number of the series; call it inside the transaction that issues the document.

        The row stays locked until that transaction ends: if it fails, the number was never given.
        """
        return self.reserve(kind, year, count=1)[0]

    def reserve(self, kind: str, year: int, *, count: int) -> range:
        """Return the next so many numbers of the series, as `take` returns one."""
        self.bulk_create([NumberSeries(kind=kind, year=year)], ignore_conflicts=True)
        series = self.select_for_update().get(kind=kind, year=year)
        series.last += count
        series.save(update_fields=["last"])
        return range(series.last - count + 1, series.last + 1)


class NumberSeries(SharedModel):
    """The last number given in one series of one year."""

    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects = NumberSeriesManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "year"), name="billing_numberseries_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
