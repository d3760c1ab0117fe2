"""What is done about money that is late or contested."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Chainable filters on disputes."""

    def active(self) -> DisputeQuerySet:
        """Keep what is not settled."""
        return self.filter(closed_at=None)

    def about_payment_by(self, customer_id: UUID) -> DisputeQuerySet:
        """Keep what a client contests of what they were asked to pay.

        Invoices, and claims for paying them late.
        """
        return self.filter(Q(invoice__customer_id=customer_id) | Q(claim__invoice__customer_id=customer_id))


class Dispute(SharedModel):
    """The client contests what asks for money.

    While it is an invoice or a claim no new order is taken (LG-S5.2x).
    """

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    claim = models.ForeignKey(
        "billing.InterestClaim", on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    pro_forma = models.ForeignKey(
        "billing.ProForma", on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    reason = RedactedCharField(max_length=500)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = RedactedCharField(max_length=500, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("invoice",), condition=Q(closed_at=None), name="billing_dispute_one_open"
            ),
            models.UniqueConstraint(
                fields=("claim",), condition=Q(closed_at=None), name="billing_dispute_one_a_claim"
            ),
            models.UniqueConstraint(
                fields=("pro_forma",), condition=Q(closed_at=None), name="billing_dispute_one_a_pro_forma"
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, claim=None, pro_forma=None)
                | Q(invoice=None, claim__isnull=False, pro_forma=None)
                | Q(invoice=None, claim=None, pro_forma__isnull=False),
                name="billing_dispute_about_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.reason)


class FormalNotice(SharedModel):
    """A formal notice to pay; a consumer's interest runs from its date only (LG-S6.3c)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="formal_notices")
    sent_on = models.DateField()
    letter = models.CharField(max_length=60, blank=True)  # the number of the registered letter
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_on", "created_at")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "sent_on"), name="billing_formalnotice_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}, {self.sent_on}"

    @property
    def sent_key(self) -> str:
        """Return the name under which its letter is kept as it was sent, once."""
        return f"formal-notice:{self.pk}"


class InterestClaim(SharedModel):
    """A claim for interest and the flat fee of one invoice on one day.

    Outside VAT, as frozen as an invoice.
    """

    number = models.CharField(max_length=35, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="late_statements")
    corrects = models.ForeignKey(  # the claim that asked too much; then the amounts are below zero
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    as_of = models.DateField()
    due_on = models.DateField()  # of a correction: its own day, it takes off at once
    customer_type = models.CharField(max_length=20, db_column="regime")
    clause = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, default="EUR")
    worksheet = models.JSONField()  # every segment with its days, base, rate and interest, and every day
    balance_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField()
    flat_fee_cents = models.BigIntegerField()
    total_cents = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "billing_latestatement"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.number


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Chainable filters on suspensions."""

    def closing(self) -> SuspensionQuerySet:
        """Keep the causes for which access is stopped now: neither remedied, nor warned of in vain."""
        return self.filter(lifted_at=None, bounced_at=None, suspended_at__isnull=False)


class Suspension(SharedModel):
    """Access that will stop or has stopped: the notice, the message that it stopped, and its end (LG-S19)."""

    class Cause(models.TextChoices):
        """Why access stops."""

        UNPAID = "unpaid", _("unpaid invoice")
        BREACH = "breach", _("breach of the contract")
        SERIOUS_BREACH = "serious_breach", _("serious breach")
        REPEATED_BREACH = "repeated_breach", _("repeated breach")
        DANGER = "danger", _("danger to the service")
        INJUNCTION = "injunction", _("injunction")

    tenant_id = models.UUIDField(db_index=True)
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="suspensions")
    invoice = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="suspensions"
    )
    cause = models.CharField(max_length=20, choices=Cause.choices, default=Cause.UNPAID)
    reason = RedactedCharField(max_length=500, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True, db_column="noticed_at")
    bounced_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(
        null=True, blank=True
    )  # the message that says so leaves at that moment
    told_again_at = models.DateTimeField(null=True, blank=True)  # that message came back and left anew
    at_once = models.BooleanField(default=False)
    lifted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant_id", "invoice"),
                condition=Q(lifted_at=None, bounced_at=None),
                name="billing_suspension_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cause}, {self.tenant_id}"

    @property
    def notice_key(self) -> str:
        """Return the name under which its warning lies in the outbox, once."""
        return f"suspension-notice:{self.pk}"

    @property
    def told_key(self) -> str:
        """Return the name under which the message that access stopped lies in the outbox, once."""
        again = f":{self.told_again_at.isoformat()}" if self.told_again_at else ""
        return f"access-suspended:{self.pk}{again}"

    def mark_suspended(self, *, at: datetime) -> None:
        """Keep the moment access stopped."""
        self.suspended_at = at
        self.save(update_fields=["suspended_at"])

    def mark_told_again(self, *, at: datetime) -> None:
        """Keep that the message that access stopped came back: another takes its place."""
        self.told_again_at = at
        self.save(update_fields=["told_again_at"])

    def mark_bounced(self, *, at: datetime) -> None:
        """Keep that the notice never arrived: no clock runs from it."""
        self.bounced_at = at
        self.save(update_fields=["bounced_at"])

    def mark_lifted(self, *, at: datetime) -> None:
        """Keep that its cause is fully remedied."""
        self.lifted_at = at
        self.save(update_fields=["lifted_at"])


class RegisteredLetter(SharedModel):
    """A registered letter: its number, its days and its scan.

    Clocks run from its first presentation (LG-S20.1).
    """

    class Purpose(models.TextChoices):
        """What the letter says."""

        PAYMENT = "payment", _("formal notice to pay")
        BREACH = "breach", _("formal notice to remedy a breach")
        TERMINATION = "termination", _("termination for breach")

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    notice = models.OneToOneField(
        "billing.FormalNotice", on_delete=models.PROTECT, null=True, blank=True, related_name="registered"
    )
    subscription = models.ForeignKey(
        "billing.Subscription", on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    number = models.CharField(max_length=60)
    reason = RedactedCharField(max_length=500, blank=True)
    sent_on = models.DateField()
    presented_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    remedied_on = models.DateField(null=True, blank=True)
    scan = models.FileField(upload_to="letters/%Y", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-sent_on", "-created_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(notice__isnull=False, subscription=None)
                | Q(notice=None, subscription__isnull=False),
                name="billing_letter_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(presented_on=None) | Q(presented_on__gte=F("sent_on")),
                name="billing_letter_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.number
