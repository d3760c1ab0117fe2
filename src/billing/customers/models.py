"""Who may enter the portal for a customer, and who may be named as a reference."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.customers.policy.clients import PurchaseCapacity
from contracts.models import RedactedCharField
from isolation.models import SharedModel

NOBODY = "erased.invalid"  # no address of this domain ever reaches anybody (RFC 2606)


class ContactQuerySet(models.QuerySet["Contact"]):
    """Chainable filters on contacts."""

    def speaking(self) -> ContactQuerySet:
        """Keep those who speak for their customer: not closed."""
        return self.filter(closed_at=None)

    def known(self) -> ContactQuerySet:
        """Keep those of whom something personal is left: not erased."""
        return self.filter(erased_at=None)


class Contact(SharedModel):
    """A person who speaks for a customer in the portal; lets in by a link in a mail, never by a password."""

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="contacts")
    email = models.EmailField()
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    job_title = models.CharField(
        max_length=120, blank=True, db_column="capacity"
    )  # "directrice", "gestionnaire"
    language = models.CharField(max_length=5, default="fr")
    link_version = models.PositiveIntegerField(default=1)  # raise it and every link sent so far is dead
    fresh_link = models.CharField(max_length=32, blank=True)  # names the one link that acts, until it is used
    fresh_asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # speaks for the customer no more
    erased_at = models.DateTimeField(null=True, blank=True)  # forgotten: no name, no address any more
    created_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("last_name", "first_name")
        constraints = (models.UniqueConstraint("customer", Lower("email"), name="billing_contact_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return how to call the contact: names, else the address; nobody's once they were erased."""
        if self.erased_at is not None:
            return gettext("person erased")
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def reader(self) -> Contact:
        """Return who reads what is sent to this contact: themselves, else who speaks for the customer now."""
        if self.closed_at is None:
            return self
        return self.customer.contacts.speaking().order_by("-created_at").first() or self

    def name_fresh_link(self, name: str, *, at: datetime) -> None:
        """Keep the name of the one link that lets them act; every earlier one is dead."""
        self.fresh_link = name
        self.fresh_asked_at = at
        self.save(update_fields=["fresh_link", "fresh_asked_at"])

    def close(self, *, at: datetime) -> None:
        """Keep that they speak for the customer no more: every link and every session of theirs is dead."""
        self.closed_at = at
        self.fresh_link = ""
        self.link_version += 1
        self.save(update_fields=["closed_at", "fresh_link", "link_version"])

    def erase(self, *, at: datetime) -> None:
        """Take away all that is theirs; what was signed and ordered still points here, at nobody."""
        self.email = f"{self.pk.hex}@{NOBODY}"
        self.first_name = self.last_name = self.job_title = self.fresh_link = ""
        self.fresh_asked_at = None
        self.closed_at = self.closed_at or at
        self.erased_at = at
        self.link_version += 1
        self.save()

    def reopen(self) -> None:
        """Keep that they speak for it again; what was closed with them stays dead."""
        self.closed_at = None
        self.save(update_fields=["closed_at"])


class CapacityFields(models.Model):
    """In which capacity a professional buys, as they said when they did (LG-S3)."""

    employees = models.PositiveIntegerField(null=True, blank=True)  # None: nothing was said
    outside_main_activity = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def purchase_capacity(self) -> PurchaseCapacity:
        """Return what was said of it."""
        return PurchaseCapacity(self.employees, self.outside_main_activity)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """Chainable filters on references."""

    def active(self) -> ReferenceQuerySet:
        """Keep those nobody took back."""
        return self.filter(revoked_on=None)


class Reference(SharedModel):
    """A customer's word that we may name them: since when, on whose word, and until they take it back."""

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="references")
    name = models.CharField(max_length=200)  # as the customer wants to be named
    logo = models.BinaryField(blank=True, default=bytes)  # a PNG written anew, empty without one
    agreed_on = models.DateField()
    word = RedactedCharField(max_length=200)  # who agreed, and how
    revoked_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(revoked_on=None), name="billing_reference_one_stands"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def revoke(self, *, on: date) -> None:
        """Keep the day it was taken back."""
        self.revoked_on = on
        self.save(update_fields=["revoked_on"])

    def replace(
        self, *, name: str, logo: bytes | None, agreed_on: date, word: str, created_at: datetime
    ) -> None:
        """Keep what the customer says now; without a new logo the one there stays."""
        self.name = name
        self.agreed_on = agreed_on
        self.word = word
        self.created_at = created_at
        self.logo = self.logo if logo is None else logo
        self.save()


class SentDocumentQuerySet(models.QuerySet["SentDocument"]):
    """Chainable filters on what was sent."""

    def about(self, subject: UUID) -> SentDocumentQuerySet:
        """Keep what speaks of an invoice, a quote, an order or a claim."""
        return self.filter(about__contains=[subject])


class SentDocument(SharedModel):
    """What left for a customer, as it left: by whom it was to be read, when, its bytes, and what it spoke of.

    Frozen. What lets its reader into the portal is left out of the bytes.
    """

    class Channel(models.TextChoices):
        """How it left."""

        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by post")

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="sent_documents")
    channel = models.CharField(max_length=10, choices=Channel)
    key = models.CharField(max_length=200, unique=True)  # its name in the outbox, or the letter's
    kind = models.CharField(max_length=100)
    recipient = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    about = ArrayField(models.UUIDField(), default=list)
    sent_at = models.DateTimeField()
    content = models.BinaryField()  # beside its row, so that both are kept and restored as one
    sha256 = models.CharField(max_length=64)

    objects = SentDocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "-id")
        indexes = (
            GinIndex(fields=["about"], name="billing_sent_about"),
            models.Index(fields=["customer", "-sent_at"], name="billing_sent_to"),
        )

    def __str__(self) -> str:
        return self.subject
