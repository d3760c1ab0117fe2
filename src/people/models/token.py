"""A token with which a program acts for a person."""

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from isolation.models import SharedAndTenantModel
from people.models.person import Person
from people.policy import tokens


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    """Chainable filters for tokens."""

    def active(self, today: date) -> "AccessTokenQuerySet":
        """Return the tokens nobody revoked and whose days last."""
        return self.filter(revoked_at=None, expires_on__gt=today)


class AccessToken(SharedAndTenantModel):
    """What a program shows instead of a session; of its secret only the hash is kept, it is shown once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_on = models.DateField()  # the first day on which it opens nothing
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    areas = models.JSONField(default=list, db_default=models.Value(list(tokens.AREAS), models.JSONField()))
    may_write = models.BooleanField(default=False, db_default=True)  # those of before could

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.name

    def opens(self, today: date) -> bool:
        """Return whether the token still opens something."""
        return tokens.opens(
            today=today,
            expires_on=self.expires_on,
            revoked_at=self.revoked_at,
            is_active=self.person.is_active,
        )

    def mark_used(self, *, on: date) -> None:
        """Keep the last day of use, written once a day."""
        if self.last_used_on != on:
            self.last_used_on = on
            self.save(update_fields=["last_used_on"])

    def mark_revoked(self, *, at: datetime) -> None:
        """Keep that it opens nothing any more."""
        self.revoked_at = at
        self.save(update_fields=["revoked_at"])
