"""What runs: subscriptions, their terms, options, notices, trials and endings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agenda.models import OutboxMessage
from billing.catalogue.policy import catalogue
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.money.policy.days import PARIS
from billing.subscriptions.policy import renewal, trial
from contracts.models import RedactedCharField
from isolation.models import SharedModel

NO_OVERLAP = "billing_term_no_overlap"


class TermsOverlap(Exception):
    """Raised when a term would hold a day that another term of its subscription holds."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        """Keep the period that was refused."""
        super().__init__(f"another term of this subscription holds days of {starts_on} to {ends_on}")
        self.starts_on = starts_on
        self.ends_on = ends_on


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Chainable filters on subscriptions."""

    def alive(self) -> SubscriptionQuerySet:
        """Keep what has not ended."""
        return self.filter(ended_on=None)

    def of_tenant(self, tenant_id: UUID) -> SubscriptionQuerySet:
        """Keep the subscriptions that open one tenant."""
        return self.filter(contract__tenant_id=tenant_id)


class Subscription(SharedModel):
    """What a contract is paid by: a product, a quantity, a price per unit and term, and how it goes on."""

    class Renewal(models.TextChoices):
        """How a term is followed by the next."""

        FIXED = catalogue.FIXED, _("fixed term")
        AUTOMATIC = catalogue.AUTOMATIC, _("automatic renewal")

    contract = models.OneToOneField("tenants.Contract", on_delete=models.PROTECT, related_name="subscription")
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="subscriptions")
    contact = models.ForeignKey("billing.Contact", on_delete=models.PROTECT, related_name="subscriptions")
    product = models.ForeignKey("billing.Product", on_delete=models.PROTECT, related_name="subscriptions")
    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="subscriptions")
    method = models.CharField(max_length=10)
    renewal = models.CharField(
        max_length=20, db_column="renews", choices=Renewal.choices, default=Renewal.FIXED
    )
    term_months = models.PositiveSmallIntegerField(default=TERM_MONTHS)
    activated_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(
        max_length=20, blank=True
    )  # a code: how it was terminated, "term" or "phased_out"
    next_quantity_agreed = models.PositiveIntegerField(
        null=True, blank=True
    )  # fewer from the next term on (LG-S15)
    renewal_order = (
        models.OneToOneField(  # funded: a fixed term goes on by it, by express agreement (LG-S14.2f)
            "billing.Order",
            on_delete=models.PROTECT,
            null=True,
            blank=True,
            related_name="renews_subscription",
        )
    )
    created_at = models.DateTimeField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.product_id} {self.activated_on}"

    @property
    def term(self) -> SubscriptionTerm:
        """Return the last term agreed: the one that runs."""
        return self.terms.latest("position")

    @property
    def next_quantity(self) -> int:
        """Return how many the next term is for.

        As agreed for it, else the licences of the contract, amendments counted.
        """
        return self.next_quantity_agreed or self.contract.licences or self.term.quantity

    def begin_term(self, *, starts_on: date, ends_on: date, **agreed: Any) -> SubscriptionTerm:
        """Return a new term, `starts_on <= day < ends_on`. Raises TermsOverlap; the database has the say."""
        try:
            with transaction.atomic():
                return self.terms.create(starts_on=starts_on, ends_on=ends_on, **agreed)
        except IntegrityError as error:
            if NO_OVERLAP not in str(error):
                raise
            raise TermsOverlap(starts_on, ends_on) from error

    def agree_renewal(self, order: object) -> None:
        """Keep the order by which it goes on after this term, or None: it ends."""
        self.renewal_order = order  # type: ignore[assignment]
        self.save(update_fields=["renewal_order"])

    def agree_quantity(self, quantity: int | None) -> None:
        """Keep how many the next term is for; None: as many as now."""
        self.next_quantity_agreed = quantity
        self.save(update_fields=["next_quantity_agreed"])

    def end(self, *, on: date, reason: str) -> None:
        """Keep the day it ended, and why."""
        self.ended_on = on
        self.end_reason = reason
        self.save(update_fields=["ended_on", "end_reason"])

    def run_on(self) -> None:
        """Keep that it never ended."""
        self.ended_on = None
        self.end_reason = ""
        self.save(update_fields=["ended_on", "end_reason"])


class SubscriptionTerm(SharedModel):
    """One half-open period: its quantity, its price and the terms of sale that hold for it.

    Never edited, but where the notice that told its price or its terms turns out never to have arrived.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="terms")
    position = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    ends_on = models.DateField()
    quantity = models.PositiveIntegerField()
    unit_net_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    terms_version = models.UUIDField(null=True, blank=True)  # contracts.TermsVersion
    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("subscription", "position"), name="billing_term_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="billing_term_period"),
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[
                    ("subscription", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def restate(self, **told: Any) -> None:
        """Keep the price and the terms that were told in time."""
        for name, value in told.items():
            setattr(self, name, value)
        self.save(update_fields=list(told))

    @property
    def net_cents(self) -> int:
        """Return the price of the term without VAT."""
        return self.quantity * self.unit_net_cents

    @property
    def as_policy(self) -> renewal.Term:
        """Return the period as the policy reads it."""
        return renewal.Term(self.starts_on, self.ends_on, self.position)


class SubscriptionOption(SharedModel):
    """An option taken with a subscription.

    How many, at which price for a whole term, how many from the next one on.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="options")
    product = models.ForeignKey("billing.Product", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_net_cents = models.PositiveIntegerField()
    next_quantity = models.PositiveIntegerField(null=True, blank=True)
    order = models.ForeignKey(
        "billing.Order", on_delete=models.PROTECT, related_name="+"
    )  # that changed it last
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("product__key",)
        constraints = (
            models.UniqueConstraint(fields=("subscription", "product"), name="billing_option_once"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_id}"

    @property
    def renewed_quantity(self) -> int:
        """Return how many of it the next term has."""
        return self.quantity if self.next_quantity is None else self.next_quantity

    def change(self, *, quantity: int, next_quantity: int | None) -> None:
        """Keep how many of it there are, and from the next term on."""
        self.quantity = quantity
        self.next_quantity = next_quantity
        self.save(update_fields=["quantity", "next_quantity"])


class RenewalNoticeQuerySet(models.QuerySet["RenewalNotice"]):
    """Chainable filters on notices of renewals."""

    def with_leaving(self) -> models.QuerySet[Any]:
        """Annotate the day in Paris on which the mail of each left, as `left_on`; None while it waits."""
        mail = OutboxMessage.objects.filter(
            key=models.OuterRef("message_key"), state=OutboxMessage.State.SENT
        )
        day = mail.annotate(day=TruncDate("sent_at", tzinfo=PARIS)).values("day")[:1]
        rows: models.QuerySet[Any] = self.annotate(left_on=models.Subquery(day))
        return rows

    def told(self) -> models.QuerySet[Any]:
        """Keep what binds: its mail has left, and did not come back (LG-S14.2n)."""
        return self.with_leaving().filter(bounced_on=None, left_on__isnull=False)


class RenewalNotice(SharedModel):
    """What a client was told before a renewal.

    Its day, price and terms, and the proof that it left (LG-S14.2n).
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="notices")
    renews_on = models.DateField()
    unit_net_cents = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    options = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField())
    )  # product, quantity, price
    terms_version = models.UUIDField(null=True, blank=True)
    sent_on = models.DateField()  # the day it was written; `left_on` is the day that counts
    message_key = models.CharField(max_length=200)  # the outbox's: when it left is read there
    bounced_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = RenewalNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-renews_on", "-created_at")

    def __str__(self) -> str:
        return f"{self.renews_on}"

    @property
    def announcement(self) -> renewal.Announcement:
        """Return what was told, the day its mail left, as the policy reads it; ask it of what was told."""
        left_on: date = getattr(self, "left_on")  # noqa: B009 - annotated
        return renewal.Announcement(left_on, self.unit_net_cents, str(self.terms_version or ""))

    @property
    def net_cents(self) -> int:
        """Return the price of the next term without VAT, options counted."""
        options = (int(row["unit_net_cents"]) * int(row["quantity"]) for row in self.options)
        return self.unit_net_cents * self.quantity + sum(options)

    def restate(self, **told: Any) -> None:
        """Keep what it tells, where that changed before its mail left."""
        for name, value in told.items():
            setattr(self, name, value)
        self.save(update_fields=list(told))

    def mark_bounced(self, *, on: date) -> None:
        """Keep that its mail came back."""
        self.bounced_on = on
        self.save(update_fields=["bounced_on"])


class Termination(SharedModel):
    """Somebody's word that ends a subscription: when it was received counts, not when it was processed."""

    class Ground(models.TextChoices):
        """How the word came."""

        BUTTON = "button", _("button in the customer area")
        EMAIL = "email", pgettext_lazy("how a word came", "e-mail")
        BREACH = "breach", _("breach not remedied")
        SUSPENDED = "suspended", _("suspended and not remedied")
        FORCE_MAJEURE = "force_majeure", _("force majeure")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        REGISTRATIONS = "registrations", _("all registrations cancelled")

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="terminations")
    how = models.CharField(max_length=20, choices=Ground.choices)
    received_at = models.DateTimeField()
    effective_on = models.DateField()
    reason = RedactedCharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("effective_on", "created_at")  # the first is the one that ends it
        constraints = (
            models.UniqueConstraint(fields=("subscription", "how"), name="billing_termination_once_a_ground"),
        )

    def __str__(self) -> str:
        return f"{self.how}, {self.effective_on}"


class ForceMajeure(SharedModel):
    """An event that suspends what is owed on a subscription while it lasts (LG-S20.3m)."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="events")
    reason = RedactedCharField(max_length=500)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)  # half-open: the first day served again
    suspends_service = models.BooleanField(default=True, db_default=True)  # what we owe: days not served
    suspends_payment = models.BooleanField(default=True, db_default=True)  # what the client owes
    notified_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-started_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("started_on")),
                name="billing_forcemajeure_period",
            ),
        )

    def __str__(self) -> str:
        return str(self.reason)

    def end(self, *, on: date) -> None:
        """Keep the first day after it."""
        self.ended_on = on
        self.save(update_fields=["ended_on"])


class TrialQuerySet(models.QuerySet["Trial"]):
    """Chainable filters on trials."""

    def running(self) -> TrialQuerySet:
        """Keep what was neither activated nor ended."""
        return self.filter(activated_on=None, ended_at=None, subscription__ended_on=None)

    def undecided(self) -> TrialQuerySet:
        """Keep what still lasts: not activated, and not over; one that was ended goes on to its last day."""
        return self.filter(activated_on=None, subscription__ended_on=None)


class Trial(SharedModel):
    """The half-open period before a subscription's first term.

    Ended in the portal, or activated on its end.
    """

    subscription = models.OneToOneField(
        "billing.Subscription", on_delete=models.PROTECT, related_name="trial"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()  # the first day of the first term
    ended_at = models.DateTimeField(null=True, blank=True)  # when the client said so
    activated_on = models.DateField(null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="billing_trial_period"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(activated_on=None), name="billing_trial_ended_or_activated"
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    @property
    def as_policy(self) -> trial.Period:
        """Return the period as the policy reads it."""
        return trial.Period(self.starts_on, self.ends_on)

    @property
    def state(self) -> str:
        """Return "running", "ended" or "activated"."""
        if self.activated_on:
            return "activated"
        return "ended" if self.ended_at else "running"

    def mark_ended(self, *, at: datetime) -> None:
        """Keep that the client ended it."""
        self.ended_at = at
        self.save(update_fields=["ended_at"])

    def mark_activated(self, *, on: date) -> None:
        """Keep the day it became a term."""
        self.activated_on = on
        self.save(update_fields=["activated_on"])
