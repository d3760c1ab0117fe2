"""The audit trail: one chain per schema, append-only; its personal parts lie aside and can be erased."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from isolation.models import SharedAndTenantModel


class Entry(SharedAndTenantModel):
    """Something that happened: who, what, on what, when; hashed over the entry before it."""

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True)
    facts = models.JSONField(default=dict)
    about = ArrayField(models.UUIDField(), default=list)
    personal_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [GinIndex(fields=["about"], name="audit_about")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class PersonalPart(SharedAndTenantModel):
    """The names and values of an entry, with the salt of their digest: what erasing a person removes."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="personal")
    salt = models.BinaryField()
    part = models.JSONField()

    def __str__(self) -> str:
        return f"personal part of {self.entry_id}"


class Head(SharedAndTenantModel):
    """The end of the chain, locked by whoever writes the next entry."""

    only = models.BooleanField(default=True, unique=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"head at {self.seq}"
