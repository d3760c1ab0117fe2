"""Invoices and credit notes, and what may happen to them without ever changing them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest, Least

from billing.catalogue.models.lines import Line, Totals
from contracts.models import RedactedCharField
from contracts.policy.clauses import keeps
from isolation.models import SharedModel


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Chainable filters on invoices."""

    def invoices(self) -> InvoiceQuerySet:
        """Leave credit notes out."""
        return self.filter(kind=Invoice.Kind.INVOICE)

    @keeps("LG-S6.3d", "LG-S20.3e")
    def with_due_day(self, as_of: date | None = None) -> models.QuerySet[Any]:
        """Add `falls_due_on`: what `policy.due.effective_due_on` says, in SQL; nothing else says it there.

        `as_of`: as it was known at the end of a day, whatever was agreed or ended since.
        """
        accepted = PaymentExtension.objects.filter(invoice=OuterRef("pk")).exclude(document="")
        ended: Any = F("acceleration__due_on")
        if as_of is not None:
            accepted = accepted.filter(agreed_on__lte=as_of)
            ended = Case(When(acceleration__due_on__lte=as_of, then=ended))
        later = Subquery(accepted.order_by("-new_due_on").values("new_due_on")[:1])
        agreed = Greatest("due_on", later)  # NULL is left out, here and below
        return self.annotate(falls_due_on=Least(agreed, ended, output_field=models.DateField()))


class Invoice(Totals, SharedModel):
    """An issued document with all its words frozen; the database refuses to edit or delete it."""

    class Kind(models.TextChoices):
        """A sale, or the note that takes one back."""

        INVOICE = "invoice", "invoice"
        CREDIT_NOTE = "credit_note", "credit note"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    number = models.CharField(max_length=35, unique=True)
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="invoices")
    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, null=True, related_name="invoices")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    tenant_id = models.UUIDField(
        null=True, blank=True
    )  # who reads it; the one column that may be filled in later
    customer_type = models.CharField(
        max_length=20, db_column="regime"
    )  # "professional", "consumer" or "public_body"
    method = models.CharField(max_length=10)
    language = models.CharField(max_length=5, default="fr")
    issued_on = models.DateField()
    supplied_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    seller = models.JSONField()
    buyer = models.JSONField()
    vat_rows = models.JSONField()  # one row per rate: rate, net_cents, vat_cents
    mentions = models.JSONField()  # the legal text, sentence by sentence, as printed
    reference = models.CharField(max_length=60, blank=True)
    is_down_payment = models.BooleanField(
        default=False,
        db_default=False,
        db_column="is_deposit",
    )  # asked before the sale, deducted on its invoice
    reason = RedactedCharField(max_length=200, blank=True, default="", db_default="")  # of a credit note
    credited_from = models.DateField(
        null=True, blank=True
    )  # since when its invoice asks less; of a credit note
    prepaid_cents = models.BigIntegerField(default=0, db_default=0)  # the money that was there at issue
    prepaid_on = models.DateField(null=True, blank=True)  # the day all of it was paid, at issue
    created_at = models.DateTimeField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-number")
        constraints = (
            models.CheckConstraint(
                condition=Q(gross_cents=F("net_cents") + F("vat_cents")), name="billing_invoice_totals"
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None) | Q(kind="credit_note", corrects__isnull=False),
                name="billing_invoice_credit_note_corrects",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Za-z0-9+_/-]{1,35}$"), name="billing_invoice_number_form"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        """Return whether the document takes a sale back."""
        return self.kind == self.Kind.CREDIT_NOTE


class InvoiceLine(Line):
    """One line of an issued document; as frozen as the document.

    A credit note's says which line it takes back.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    credits = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credited"
    )
    deducts = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="deductions"
    )  # the down payment's line it takes off
    site = models.CharField(max_length=200, blank=True, default="", db_default="")  # the school it is for
    starts_on = models.DateField(null=True, blank=True)  # the period it pays, half-open
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="billing_invoiceline_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="billing_invoiceline_period",
            ),
        )

    @property
    def last_day(self) -> date | None:
        """Return the last day of the period it pays."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    def terms(self) -> dict[str, object]:
        """Return what this line says, with its school and its period, to copy it to a note."""
        told = {name: getattr(self, name) for name in ("site", "starts_on", "ends_on")}
        return super().terms() | told


class PaymentExtension(SharedModel):
    """A later due date the client asked for and we accepted in writing (LG-S6.3d)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deferrals")
    agreed_on = models.DateField()
    new_due_on = models.DateField()
    document = RedactedCharField(max_length=200)  # the reference of the written agreement
    created_at = models.DateTimeField()

    class Meta:
        db_table = "billing_deferral"
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.invoice_id} → {self.new_due_on}"


class Acceleration(SharedModel):
    """An unpaid invoice that became due at once because its subscription was terminated (LG-S20.3e)."""

    invoice = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, related_name="acceleration")
    due_on = models.DateField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.invoice_id}, {self.due_on}"
