"""An import waiting for a person's word, running or done."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from isolation.models import TenantModel


class ImportBatch(TenantModel):
    """One upload. The file itself is never kept: only the rows, without the columns the annex doesn't allow,
    until they are applied or given up.
    """

    class State(models.TextChoices):
        """How far an import is."""

        PREVIEW = "preview", _("to be confirmed")
        WAITING = "waiting", _("waiting")
        APPLIED = "applied", _("applied")
        STOPPED = "stopped", _("stopped: look again")
        GIVEN_UP = "given_up", _("given up")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    pupils_name = models.CharField(max_length=200, blank=True)
    guardians_name = models.CharField(max_length=200, blank=True)
    rows = models.JSONField(default=list)
    guardian_rows = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    brought_back = models.JSONField(default=list)  # [line, address of a guardian or ""]: removed, and wanted
    agreed = models.CharField(max_length=64, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    counts = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for a person's word."""
        return self.state in {self.State.PREVIEW, self.State.STOPPED}

    def forget_rows(self) -> "ImportBatch":
        """Empty what is about people; the counts stay."""
        self.rows = []
        self.guardian_rows = []
        self.refused = []
        self.choices = {}
        self.brought_back = []
        return self
