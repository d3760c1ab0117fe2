"""Quotes: a number, its versions, and the signature that makes one of them a firm order."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from billing.catalogue.models.catalogue import PaymentMethodType
from billing.catalogue.models.lines import ContractLine, DocumentSite, Totals
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.customers.models import CapacityFields
from billing.invoicing.policy.due import PAYMENT_DAYS
from billing.quotes.policy.states import QUOTE_VERSION
from contracts.models import RedactedCharField, RedactedTextField
from isolation.models import SharedModel


class Quote(SharedModel):
    """The number under which versions of an offer to a customer are kept."""

    number = models.CharField(max_length=35, unique=True)
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="quotes")
    contact = models.ForeignKey("billing.Contact", on_delete=models.PROTECT, related_name="quotes")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.number


class QuoteVersionQuerySet(models.QuerySet["QuoteVersion"]):
    """Chainable filters on versions of quotes."""

    def current(self) -> QuoteVersionQuerySet:
        """Keep the version in hand of each quote."""
        return self.exclude(state=QuoteVersion.State.SUPERSEDED)

    def waiting(self) -> QuoteVersionQuerySet:
        """Keep the versions sent and not answered yet."""
        return self.filter(state=QuoteVersion.State.SENT)


class QuoteVersion(CapacityFields, Totals, SharedModel):
    """What is offered; once sent it no longer changes, a change is a new version (LG-S5.2)."""

    class State(models.TextChoices):
        """Where the version stands between the desk and the signature."""

        DRAFT = "draft", "draft"
        SENT = "sent", "sent"
        SIGNED = "signed", "signed"
        EXPIRED = "expired", "expired"
        REVOKED = "withdrawn", "withdrawn"
        SUPERSEDED = "superseded", "superseded"

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=5, default="fr")
    issued_on = models.DateField()
    valid_until = models.DateField()
    method = models.CharField(max_length=10, choices=PaymentMethodType.choices)
    payment_days = models.PositiveSmallIntegerField(default=PAYMENT_DAYS)
    down_payment_pct = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        db_column="deposit_pct",
    )  # asked first, by an invoice of its own
    term_months = models.PositiveSmallIntegerField(default=TERM_MONTHS)
    renewal = models.CharField(max_length=20, db_column="renews", default="fixed")
    customer_type = models.CharField(max_length=20, default="professional", db_column="regime")
    buyer = models.JSONField(default=dict)  # the customer's name, address and numbers as they were
    note = models.TextField(blank=True)
    warranty = models.TextField(blank=True)  # the contractual warranty given on top of the law's (LG-S9)
    deliver_by = models.DateField(null=True, blank=True)  # a delivery date agreed in the quote (LG-S7c)
    warranty_months = models.PositiveSmallIntegerField(default=0, db_default=0)  # of what `warranty` gives
    extended_until = models.DateField(
        null=True,
        blank=True,
        db_column="deferred_until",
    )  # a later due date agreed in the quote (LG-S6.3d)
    specific_terms = models.FileField(
        upload_to="quotes/terms/", max_length=200, blank=True
    )  # the PDF signed with it: alone it lets the order open unpaid (LG-S5.2d)
    specific_terms_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = QuoteVersionQuerySet.as_manager()

    class Meta:
        ordering = ("quote", "-version")
        constraints = (
            models.UniqueConstraint(fields=("quote", "version"), name="billing_quoteversion_once"),
            models.UniqueConstraint(
                fields=("quote",), condition=~Q(state="superseded"), name="billing_quoteversion_one_in_hand"
            ),
            models.CheckConstraint(
                condition=Q(gross_cents=models.F("net_cents") + models.F("vat_cents")),
                name="billing_quote_totals",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the number people quote: "D-2026-0188", then "D-2026-0188 v2"."""
        return self.quote.number if self.version == 1 else f"{self.quote.number} v{self.version}"

    @property
    def is_consumer_protected(self) -> bool:
        """Return whether who signs it has a consumer's protections for what it sells (LG-S3)."""
        return self.purchase_capacity.is_consumer_protected(self.customer_type)

    @property
    def is_draft(self) -> bool:
        """Return whether the version can still be written."""
        return self.state == self.State.DRAFT

    @property
    def is_amendment(self) -> bool:
        """Return whether it changes contracts that run already (LG-S15)."""
        return self.lines.filter(contract_id__isnull=False, licences_after__isnull=False).exists()

    def is_open(self, today: date) -> bool:
        """Return whether the client can still sign it on `today`."""
        return QUOTE_VERSION.allows("sign", self.state) and today <= self.valid_until

    def attach_specific_terms(self, name: str, digest: str) -> None:
        """Keep the PDF of its specific terms; nothing: it has none."""
        self.specific_terms = name
        self.specific_terms_digest = digest
        self.save(update_fields=["specific_terms", "specific_terms_digest"])

    def move(self, act: str, *, at: datetime | None = None) -> None:
        """Do an act of the table on the version; `at` is kept when it is sent. Raises WrongMove."""
        self.state = QUOTE_VERSION.after(act, self.state)
        if act == "send":
            self.sent_at = at
        self.save(update_fields=["state", "sent_at"])


class QuoteSite(DocumentSite):
    """A school or an organisation the quote is for; a commune's quote may name several."""

    version = models.ForeignKey(QuoteVersion, on_delete=models.CASCADE, related_name="sites")

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("version", "slug"), name="billing_quotesite_once"),)


class QuoteLine(ContractLine):
    """One line of a version; of an amendment when it names the running contract it changes (LG-S15)."""

    version = models.ForeignKey(QuoteVersion, on_delete=models.CASCADE, related_name="lines")
    site = models.ForeignKey(QuoteSite, on_delete=models.CASCADE, null=True, blank=True, related_name="lines")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "position"), name="billing_quoteline_once"),
        )


class Signature(SharedModel):
    """Who accepted a version, in which capacity, when, and the hash of all it said."""

    class Channel(models.TextChoices):
        """The two ways of signing that make a quote a firm order (LG-S5.2)."""

        PORTAL = "portal", "portal"
        UPLOAD = "upload", "upload"

    version = models.OneToOneField(QuoteVersion, on_delete=models.PROTECT, related_name="signature")
    contact = models.ForeignKey(
        "billing.Contact", on_delete=models.PROTECT, null=True, related_name="signatures"
    )
    how = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    name = models.CharField(max_length=200)
    signatory_title = models.CharField(max_length=120, db_column="capacity")
    signed_at = models.DateTimeField()
    terms_version = models.UUIDField(null=True)  # contracts.TermsVersion ticked
    digest = models.CharField(max_length=64)
    document = models.FileField(
        upload_to="quotes/signed/", max_length=200, blank=True
    )  # the signed PDF, when uploaded
    document_digest = models.CharField(max_length=64, blank=True)
    signed_on = models.DateField(null=True, blank=True)  # the day written on the paper
    received_by = models.UUIDField(
        null=True, blank=True
    )  # who of the house put it here; nobody when the buyer did

    def __str__(self) -> str:
        return f"{self.name}, {self.signatory_title}"


class QuoteRequest(SharedModel):
    """What somebody asked for on the public site; it begins as a draft that finance completes."""

    version = models.OneToOneField(QuoteVersion, on_delete=models.PROTECT, related_name="request")
    organisation = models.CharField(max_length=200)
    person = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    offer = models.CharField(max_length=40)
    users = models.PositiveIntegerField()
    message = RedactedTextField(blank=True)
    terms_version = models.UUIDField(null=True)  # the terms ticked when it was sent (LG-U1)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at",)

    def __str__(self) -> str:
        return self.organisation


class AdministratorDemand(SharedModel):
    """A new administrator asked for in a customer's name: its signatory confirms it, or nothing changes.

    Whom it invites is kept in the school alone.
    """

    tenant_id = models.UUIDField(db_index=True)
    invitation_id = models.UUIDField()
    contact = models.ForeignKey("billing.Contact", on_delete=models.PROTECT, related_name="demands")
    document = RedactedCharField(max_length=100)  # where the written demand is kept
    close_former = models.BooleanField(default=False)
    asked_by = models.UUIDField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.tenant_id}, {self.contact_id}"

    def state(self, now: datetime) -> str:
        """Return "waiting", "confirmed", "refused" or "expired"."""
        if self.confirmed_at or self.refused_at:
            return "confirmed" if self.confirmed_at else "refused"
        return "waiting" if now < self.expires_at else "expired"

    def mark_confirmed(self, *, at: datetime) -> None:
        """Keep that the signatory confirmed it."""
        self.confirmed_at = at
        self.save(update_fields=["confirmed_at"])

    def mark_refused(self, *, at: datetime) -> None:
        """Keep that the signatory refused it."""
        self.refused_at = at
        self.save(update_fields=["refused_at"])
