"""Legal numbers: one locked row per series and year, so that no number is lost and none is given twice."""

from __future__ import annotations

from django.db import models

from isolation.models import SharedModel


class NumberSeriesManager(models.Manager["NumberSeries"]):
    """Takes the next number of a series."""

    def take(self, kind: str, year: int) -> int:
        """Return the next number of the series; call it inside the transaction that issues the document.

        The row stays locked until that transaction ends: if it fails, the number was never given.
        """
        self.bulk_create([NumberSeries(kind=kind, year=year)], ignore_conflicts=True)
        series = self.select_for_update().get(kind=kind, year=year)
        series.last += 1
        series.save(update_fields=["last"])
        return series.last


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
