"""Who the customer is (who contracts and pays), whose data it is (the tenant), and which contract ties
them.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from agenda.models import OutboxMessage
from contracts.models import RedactedCharField
from contracts.policy.profiles import Profile
from contracts.policy.words import SCHOOL
from contracts.registry import profile
from isolation.models import SharedModel
from isolation.policy.names import tenant_schema

slug_shape = RegexValidator(
    r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$",
    _("Use 2 to 40 small letters, digits and hyphens, starting with a letter."),
)


class Customer(SharedModel):
    """Who contracts and pays: a commune, a school, an association, a family."""

    class CustomerType(models.TextChoices):
        """The capacity in which a customer buys, which decides prices, lateness and withdrawal."""

        PROFESSIONAL = "professional", _("professional")
        CONSUMER = "consumer", _("consumer")
        PUBLIC_BODY = "public_body", _("public body")

    name = models.CharField(_("name"), max_length=200)
    customer_type = models.CharField(
        _("buys as"),
        max_length=20,
        choices=CustomerType,
        default=CustomerType.PROFESSIONAL,
        db_column="client",
    )
    email = models.EmailField(_("e-mail"))
    signatory = models.CharField(_("signatory"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    subdivision = models.CharField(_("region for public holidays"), max_length=10, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField(
        "SIRET", max_length=14, blank=True, db_default=""
    )  # of the establishment that pays
    service_code = models.CharField(
        _("service code"), max_length=50, blank=True, db_default=""
    )  # of a public body
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr", choices=settings.LANGUAGES)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Tenant(TenantMixin, SharedModel):  # type: ignore[misc]
    """A school or organisation whose data lies in a schema of its own."""

    class State(models.TextChoices):
        """Where a tenant is in its life."""

        OPENING = "opening", _("opening")
        OPEN = "open", _("open")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")
        ERASED = "erased", _("erased")

    auto_create_schema = False
    auto_drop_schema = False

    slug = models.CharField(_("address"), max_length=40, unique=True, validators=[slug_shape])
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, default="FR")
    subdivision = models.CharField(max_length=10, blank=True)
    timezone = models.CharField(_("time zone"), max_length=50, default="Europe/Paris")
    language = models.CharField(_("language"), max_length=5, default="fr", choices=settings.LANGUAGES)
    lock_after_minutes = models.PositiveIntegerField(_("lock after (minutes)"), default=30)
    state = models.CharField(max_length=10, choices=State, default=State.OPENING)
    state_reason = RedactedCharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    schema_version = models.CharField(max_length=64, blank=True)
    is_shared = models.BooleanField(
        default=False, db_default=False
    )  # many customers live in it, each in a circle

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, not as TenantMixin does, which makes schemas; its schema is named after its uuid."""
        self.schema_name = tenant_schema(self.pk)
        models.Model.save(self, *args, **kwargs)

    def __enter__(self) -> None:
        """Refuse: django-tenants' own way in mixes tenants between threads.

        Use `isolation.context.inside`.
        """
        raise TypeError("enter a tenant with isolation.context.inside(tenant)")

    def activate(self) -> None:
        """Refuse, for the same reason."""
        raise TypeError("enter a tenant with isolation.context.inside(tenant)")

    def today(self, now: datetime) -> date:
        """Return the day it is at this instant in the tenant's time zone."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def profiles(self, on: date) -> list[Profile]:
        """Return the profiles of the contracts running on a day: a tenant may hold several products.

        After the end those that ran last, whose promises outlive them.
        """
        wanted = ("profile_key", "profile_version")
        running = list(self.contracts.running(on).values_list(*wanted))
        rows = running or self._last_contracts().values_list(*wanted)
        return [profile(key, on=version) for key, version in dict.fromkeys(rows)]

    def words(self, on: date) -> str:
        """Return whose words its people read on a day (`contracts.policy.words`).

        A school's where its products differ, or where none is known.
        """
        spoken = {profile.words for profile in self.profiles(on)}
        return spoken.pop() if len(spoken) == 1 else SCHOOL

    def _last_contracts(self) -> "ContractQuerySet":
        ends_on = self.contracts.exclude(state="cancelled").aggregate(last=Max("ends_on"))["last"]
        return self.contracts.running(ends_on - timedelta(days=1)) if ends_on else self.contracts.none()


class SubTenant(SharedModel):
    """A customer's part of a tenant that many share, such as a household.

    What a tenant of its own is to a school.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="sub_tenants")
    state = models.CharField(max_length=10, choices=Tenant.State, default=Tenant.State.OPEN)
    state_reason = RedactedCharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "tenants_circle"
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


Workspace = Tenant | SubTenant  # what a customer's contracts give access to


class ContractQuerySet(models.QuerySet["Contract"]):
    """Chainable filters for contracts."""

    def running(self, on: date) -> "ContractQuerySet":
        """Return the contracts in force on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on).exclude(state="cancelled")


class Contract(SharedModel):
    """What a customer was promised for a tenant: profile version, licences, term."""

    class State(models.TextChoices):
        """Where a contract stands."""

        AGREED = "agreed", _("agreed, not open yet")
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="contracts", null=True, blank=True
    )
    sub_tenant_id = models.UUIDField(db_column="circle_id", null=True, blank=True)
    profile_key = models.CharField(_("profile"), max_length=30)
    profile_version = models.DateField()
    licences = models.PositiveIntegerField(_("licences"), default=0)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.AGREED)
    created_at = models.DateTimeField()

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="tenants_contract_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_key} {self.starts_on}"


class TermsNoticeQuerySet(models.QuerySet["TermsNotice"]):
    """Chainable filters on notices of new terms."""

    def with_leaving(self) -> models.QuerySet[Any]:
        """Annotate the instant at which the mail of each left, as `left_at`; None while it waits."""
        mail = OutboxMessage.objects.filter(
            key=models.OuterRef("message_key"), state=OutboxMessage.State.SENT
        )
        rows: models.QuerySet[Any] = self.annotate(left_at=models.Subquery(mail.values("sent_at")[:1]))
        return rows

    def told(self) -> models.QuerySet[Any]:
        """Keep what binds: its mail has left, and did not come back (LG-S30)."""
        return self.with_leaving().filter(bounced_on=None, left_at__isnull=False)


class TermsNotice(SharedModel):
    """What a customer was told of new terms for a contract that runs, and the proof that it left (LG-S30)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="terms_notices")
    terms = models.UUIDField()  # contracts.TermsVersion, its French text
    message_key = models.CharField(max_length=200, unique=True)  # the outbox's: when it left is read there
    bounced_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = TermsNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.message_key

    def mark_bounced(self, *, on: date) -> None:
        """Keep that its mail came back."""
        self.bounced_on = on
        self.save(update_fields=["bounced_on"])


class Domain(DomainMixin, SharedModel):  # type: ignore[misc]
    """A host name that leads to a tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains", db_index=True)

    def __str__(self) -> str:
        return str(self.domain)


class SeatCount(SharedModel):
    """How many active profiles a tenant, or a circle of a shared one, had.

    A number, so that billing sees no pupil.
    """

    tenant_id = models.UUIDField(db_index=True)
    sub_tenant_id = models.UUIDField(db_column="circle_id", null=True, blank=True)
    counted_at = models.DateTimeField()
    active = models.PositiveIntegerField()

    class Meta:
        ordering = ["-counted_at", "id"]

    def __str__(self) -> str:
        return f"{self.active}"


class SchemaTemplate(SharedModel):
    """The DDL that makes a new tenant's schema, by version of the tenant migrations."""

    version = models.CharField(max_length=64, unique=True)
    ddl = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.version[:12]


class SchemaMigration(SharedModel):
    """One attempt to bring a tenant's schema to a version."""

    class State(models.TextChoices):
        """How the attempt ended."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    tenant_id = models.UUIDField(db_index=True)
    from_version = models.CharField(max_length=64, blank=True)
    to_version = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "id"]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.state}"


def tenant_ids(rows: models.QuerySet[Tenant]) -> list[UUID]:
    """Return the ids of these tenants, oldest first."""
    return list(rows.order_by("created_at", "id").values_list("id", flat=True))
