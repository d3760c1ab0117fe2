"""What runs: subscriptions, their terms and options."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from billing.catalogue.policy import catalogue
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.subscriptions.policy import renewal
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
