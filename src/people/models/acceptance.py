"""What a person accepted, and when access was last looked through."""

from django.db import models

from isolation.models import SharedAndTenantModel
from people.models.person import Person


class Acceptance(SharedAndTenantModel):
    """One version of the terms accepted by one person, with what proves it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="acceptances")
    terms_version = models.UUIDField()
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True, blank=True)
    proof = models.CharField(max_length=64)

    class Meta:
        ordering = ["-accepted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "terms_version"], name="people_acceptance_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.terms_version}"


class AccessReview(SharedAndTenantModel):
    """One look at who holds which role, confirmed by an administrator."""

    reviewed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField()
    confirmed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-reviewed_at", "id"]

    def __str__(self) -> str:
        return f"{self.reviewed_at:%Y-%m-%d}"
