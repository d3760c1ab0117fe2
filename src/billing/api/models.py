"""What the API answered to a request that named a key, to answer the same when it is sent again."""

from datetime import datetime, timedelta

from django.db import models

from isolation.models import SharedModel

LASTS = timedelta(hours=24)


class IdempotencyRecord(SharedModel):
    """One answer, kept in the transaction that did the work: either both are there or neither is."""

    person_id = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "billing_keptanswer"
        constraints = (models.UniqueConstraint(fields=("person_id", "key"), name="billing_keptanswer_once"),)

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def over_before(now: datetime) -> datetime:
        """Return the instant before which an answer is no longer kept."""
        return now - LASTS
