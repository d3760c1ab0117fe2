"""Orders: what was agreed, from the signature to the opening."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import models

from billing.catalogue.models import Product
from billing.catalogue.models.catalogue import PaymentMethodType
from billing.catalogue.models.lines import ContractLine, DocumentSite, Totals
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.customers.models import CapacityFields
from billing.customers.policy.clients import may_be_protected
from billing.money.policy.address import Address, address_kept
from billing.orders.models.unavailable import UnavailableLine
from billing.orders.policy.states import ORDER
from billing.payments.models import Payment
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class OrderQuerySet(models.QuerySet["Order"]):
    """Chainable filters on orders."""

    def unpaid(self) -> OrderQuerySet:
        """Keep the orders still waiting for their money."""
        return self.filter(state=Order.State.AWAITING_PAYMENT)


class Order(CapacityFields, Totals, SharedModel):
    """A firm order; nothing opens before its money is there (LG-S5.2d)."""

    class State(models.TextChoices):
        """Waiting for the money, funded, open, or cancelled."""

        AWAITING_PAYMENT = "waiting", "waiting for payment"
        READY = "funded", "paid, opening"
        FULFILLED = "open", "open"
        CANCELLED = "cancelled", "cancelled"

    number = models.CharField(max_length=35, unique=True)
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="orders")
    contact = models.ForeignKey("billing.Contact", on_delete=models.PROTECT, related_name="orders")
    version = models.OneToOneField(
        "billing.QuoteVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="order"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.AWAITING_PAYMENT)
    method = models.CharField(max_length=10, choices=PaymentMethodType.choices)
    term_months = models.PositiveSmallIntegerField(default=TERM_MONTHS)
    renewal = models.CharField(max_length=20, db_column="renews", default="fixed")
    trial_days = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # bought online: tried first (LG-S14.3)
    deliver_to = models.JSONField(
        default=dict, blank=True
    )  # the address things go to, when it isn't the customer's
    confirmed_at = models.DateTimeField()
    confirmed_on = models.DateField()
    cancellable_on = models.DateField()  # the first day on which it may be cancelled if still unpaid
    cancellable_since = models.DateTimeField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)  # as computed and shown when it was made (LG-S7)
    deliver_by = models.DateField(null=True, blank=True)  # the delivery date agreed with the client (LG-S7c)
    held_at = models.DateTimeField(null=True, blank=True)  # while its client owes something overdue
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = RedactedCharField(max_length=500, blank=True)
    ownership_on = models.DateField(null=True, blank=True)  # full payment (LG-S8)
    terms_version = models.UUIDField(
        null=True, blank=True
    )  # contracts.TermsVersion, accepted without a quote
    risk_on = models.DateField(null=True, blank=True)  # conclusion, or possession for a consumer (LG-S8)
    fulfilled_at = models.DateTimeField(null=True, blank=True, db_column="opened_at")

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ("-confirmed_at",)

    def __str__(self) -> str:
        return self.number

    def allocated_payments(self) -> models.QuerySet[Payment]:
        """Return the payments put against its invoices."""
        return Payment.objects.filter(
            allocations__invoice__order=self, allocations__released_at=None
        ).distinct()

    @property
    def is_consumer_protected(self) -> bool:
        """Return whether its buyer has a consumer's protections for what it sold (LG-S3)."""
        return self.purchase_capacity.is_consumer_protected(self.customer.customer_type)

    @property
    def is_capacity_unknown(self) -> bool:
        """Return whether its buyer may be protected like a consumer and was never asked."""
        kind = self.customer.customer_type
        return not self.is_consumer_protected and self.employees is None and may_be_protected(kind)

    @property
    def delivery_address(self) -> Address | None:
        """Return where its things go, None where it is the customer's own address."""
        told = self.deliver_to or (self.version.buyer.get("delivery") if self.version else None)
        return address_kept(told)

    @property
    def reader_id(self) -> UUID | None:
        """Return the tenant whose people may read its invoices: its only site's.

        Of several none reads the others'.
        """
        sites = list(self.sites.all()[:2])
        return sites[0].tenant_id if len(sites) == 1 else None

    @property
    def terms_accepted(self) -> UUID | None:
        """Return the version of the terms of sale its buyer accepted.

        By signing, or by ticking them (LG-S30).
        """
        signed = getattr(self.version, "signature", None) if self.version else getattr(self, "steps", None)
        return signed.terms_version if signed else self.terms_version

    @property
    def language(self) -> str:
        """Return the language its documents are in.

        The quote's, the shop's where it was placed, else the customer's.
        """
        source = self.version or getattr(self, "steps", None) or self.customer
        return source.language

    @property
    def has_specific_terms(self) -> bool:
        """Return whether terms of its own were signed with it: it opens before its money is there."""
        return bool(self.version and self.version.specific_terms_digest)

    @property
    def is_cancellable(self) -> bool:
        """Return whether its seven business days have passed without payment."""
        return ORDER.allows("cancel", self.state) and self.cancellable_since is not None

    def promise_dispatch(self, *, on: date) -> None:
        """Keep the day its things leave, as its buyer was told it."""
        self.leaves_on = on
        self.save(update_fields=["leaves_on"])

    def mark_cancellable(self, *, at: datetime) -> None:
        """Keep the moment from which the order may be cancelled."""
        self.cancellable_since = at
        self.save(update_fields=["cancellable_since"])

    def postpone(self, *, to: date) -> None:
        """Move the first day of cancellation: a deferral was agreed in writing."""
        self.cancellable_on = to
        self.cancellable_since = None
        self.save(update_fields=["cancellable_on", "cancellable_since"])

    def hold(self, *, at: datetime | None) -> None:
        """Keep since when it waits because its client owes something overdue; None: it goes on."""
        self.held_at = at
        self.save(update_fields=["held_at"])

    def choose_method(self, method: str) -> None:
        """Let it be paid in another way."""
        self.method = method
        self.save(update_fields=["method"])

    def mark_ready(self, *, on: date | None) -> None:
        """Keep that the money is there, or a trial begins (None); ownership passes on full payment."""
        self.state = ORDER.after("ready", self.state)
        self.ownership_on = on
        self.save(update_fields=["state", "ownership_on"])

    def mark_awaiting_payment(self, act: str = "unready") -> None:
        """Keep that the money was taken back and nothing of it is open: by which act of the table."""
        self.state = ORDER.after(act, self.state)
        self.ownership_on = None
        self.fulfilled_at = None
        self.save(update_fields=["state", "ownership_on", "fulfilled_at"])

    def mark_owned(self, *, on: date | None) -> None:
        """Keep the day on which what it sold became the client's; None once the money has left again."""
        self.ownership_on = on
        self.save(update_fields=["ownership_on"])

    def mark_open(self, *, at: datetime) -> None:
        """Keep that everything it sold is open."""
        self.state = ORDER.after("fulfil", self.state)
        self.fulfilled_at = at
        self.save(update_fields=["state", "fulfilled_at"])

    def mark_cancelled(self, act: str, *, at: datetime, reason: str) -> None:
        """Keep that the order is void, and why: by which act of the table. Raises WrongMove.

        What it sold for nothing was its client's from the start, and is no more.
        """
        self.state = ORDER.after(act, self.state)
        self.cancelled_at = at
        self.cancel_reason = reason
        self.ownership_on = None
        self.save(update_fields=["state", "cancelled_at", "cancel_reason", "ownership_on"])


class OrderSite(DocumentSite):
    """A school or an organisation the order opens, and the tenant that came of it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="sites")

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("order", "slug"), name="billing_ordersite_once"),)


class OrderLine(ContractLine):
    """One line of an order; a subscription's line leads to a contract."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    site = models.ForeignKey(OrderSite, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")
    added_at = models.DateTimeField(null=True, blank=True)  # a running contract holds it since (LG-S15)
    next_before = models.PositiveIntegerField(
        null=True, blank=True
    )  # agreed for the next term before it was added
    credited_unsent = models.PositiveIntegerField(default=0, db_default=0)  # taken out before they left

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("order", "position"), name="billing_orderline_once"),)

    def mark_added(self, *, at: datetime | None, next_before: int | None = None) -> None:
        """Keep since when the contract it changes holds it; None: it holds it no more.

        `next_before` is how many were agreed for the next term until then.
        """
        self.added_at = at
        self.next_before = next_before
        self.save(update_fields=["added_at", "next_before"])

    def mark_credited_unsent(self, count: int) -> None:
        """Keep that so many more were credited and never leave."""
        self.credited_unsent += count
        self.save(update_fields=["credited_unsent"])

    @property
    def sold(self) -> int:
        """Return how many are sold: less what was credited before it left."""
        return self.quantity - self.credited_unsent

    @property
    def kept(self) -> int:
        """Return how many the client keeps: less what was withdrawn from (LG-S22) or can't be had
        (LG-S10.1).
        """
        missing = self.gone.quantity if self.gone and self.gone.state != "agreed" else 0
        return (
            self.sold - sum(part.quantity for part in self.withdrawn.all() if not part.is_refused) - missing
        )

    @property
    def to_ship(self) -> int:
        """Return how many leave, or left: less what was withdrawn from before (LG-S22) or can't be had
        (LG-S10.1).
        """
        return max(0, self._wanted - (self.gone.quantity if self.gone else 0))

    @property
    def substitutes(self) -> int:
        """Return how many of the equivalent its buyer agreed to leave, or left, in its place (LG-S10.1)."""
        agreed = self.gone is not None and self.gone.state == "agreed"
        return min(self.gone.quantity, self._wanted) if self.gone and agreed else 0

    @property
    def gone(self) -> UnavailableLine | None:
        """Return what is known of those that can't be had."""
        return getattr(self, "unavailable", None)

    @property
    def substitute(self) -> Product | None:
        """Return what was proposed in the place of those."""
        return self.gone.substitute if self.gone else None

    @property
    def _wanted(self) -> int:
        return self.sold - sum(part.quantity for part in self.withdrawn.all() if part.back_id is None)
