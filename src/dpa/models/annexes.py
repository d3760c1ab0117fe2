"""The annexes of the agreement on data: what the controller fills in, and each version it accepted."""

from typing import Any

from django.db import models
from django.db.models import Q

from isolation.models import SharedModel, TenantModel


class AnnexDraft(TenantModel):
    """What the controller says of itself and of its purposes: the part of the annexes nobody else knows."""

    is_only = models.BooleanField(default=True, unique=True)
    contacts = models.JSONField(default=dict)
    purposes = models.JSONField(default=dict)  # by category
    changed_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_only=True), name="dpa_annex_draft_only_one")]

    def __str__(self) -> str:
        return str(self.pk)


class AnnexVersionQuerySet(models.QuerySet["AnnexVersion"]):
    """Chainable filters on accepted versions."""

    def of(self, tenant_id: Any) -> "AnnexVersionQuerySet":
        """Return those of a tenant, the last first."""
        return self.filter(tenant_id=tenant_id).order_by("-number")


class AnnexVersion(SharedModel):
    """The annexes as the controller accepted them: number, moment, who, content, and the papers themselves.

    Both parties hold them: they are never changed, and outlive the tenant's schema.
    """

    tenant_id = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    paper_fr = models.BinaryField()
    paper_en = models.BinaryField()
    accepted_by = models.UUIDField()
    accepted_name = models.CharField(max_length=300)
    accepted_at = models.DateTimeField()

    objects = AnnexVersionQuerySet.as_manager()

    class Meta:
        ordering = ["tenant_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="dpa_one_annex_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.number}"

    def paper(self, language: str) -> bytes:
        """Return the PDF as it was issued in a language."""
        return bytes(self.paper_fr if language == "fr" else self.paper_en)
