"""An invitation to have an account."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from isolation.models import SharedAndTenantModel
from people.models.person import Person
from people.models.role import Role
from people.policy import invitations


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Chainable filters for invitations."""

    def unanswered(self) -> "InvitationQuerySet":
        """Return the invitations neither accepted nor cancelled, expired ones included."""
        return self.filter(accepted_at=None, cancelled_at=None)

    def open(self, now: datetime) -> "InvitationQuerySet":
        """Return the invitations whose link still works."""
        return self.unanswered().filter(expires_at__gt=now)

    def expired(self, now: datetime) -> "InvitationQuerySet":
        """Return the invitations nobody answered in time."""
        return self.unanswered().filter(expires_at__lte=now)


class Invitation(SharedAndTenantModel):
    """A role offered to an address; the link's token is kept as a hash and made again when the mail is
    written.
    """

    email = models.EmailField(_("e-mail address"))
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ends_on = models.DateField(_("access until"), null=True, blank=True)
    language = models.CharField(max_length=5, default="fr", choices=settings.LANGUAGES)
    note = models.CharField(_("a word of welcome"), max_length=500, blank=True)
    nonce = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "role"],
                condition=Q(accepted_at=None, cancelled_at=None),
                name="people_invitation_unanswered_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.role}"

    def state(self, now: datetime) -> str:
        """Return "open", "accepted", "cancelled" or "expired"."""
        return invitations.state(
            now=now, expires_at=self.expires_at, accepted_at=self.accepted_at, cancelled_at=self.cancelled_at
        )

    def renew(self, *, now: datetime) -> None:
        """Make a new link, valid from now; the one before opens nothing any more. Doesn't save."""
        self.nonce = token_hex(16)
        self.sent_at = now
        self.expires_at = invitations.expires_at(now)
        self.token_hash = hash_of(self.token)

    @property
    def token(self) -> str:
        """Return the secret of the link: it can only be made with the installation's key."""
        return token_of(self.pk, self.nonce)


def token_of(invitation_id: UUID, nonce: str) -> str:
    """Return the secret that opens an invitation."""
    digest = salted_hmac("people.invitation", f"{invitation_id}:{nonce}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return sha256(token.encode()).hexdigest()
