"""The books: entries written when things happen, never changed; numbered and validated afterwards."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Func, Q, Value

from isolation.models import SharedModel


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    """Chainable filters on entries."""

    def between(self, starts_on: date, ends_on: date) -> JournalEntryQuerySet:
        """Keep what is dated from a day to another, both included."""
        return self.filter(on__range=(starts_on, ends_on))

    def waiting(self) -> JournalEntryQuerySet:
        """Keep what has no number yet."""
        return self.filter(number=None)


class JournalEntry(SharedModel):
    """One entry: what happened to a document or to money, on which day, in which journal.

    Its lines stand before it and it seals them; only its number and the day of its validation come later.
    """

    class Source(models.TextChoices):
        """What an entry was made from."""

        INVOICE = "invoice", "invoice or credit note"
        PAYMENT = "payment", "payment"
        REFUND = "refund", "refund"
        CLAIM = "claim", "claim for late interest"
        WRITE_OFF = "writeoff", "write-off"

    journal = models.CharField(max_length=12)  # a name of the chart's journals
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True)
    validated_on = models.DateField(null=True)
    on = models.DateField()
    source = models.CharField(max_length=8, choices=Source.choices)
    source_id = models.UUIDField()
    event = models.CharField(max_length=80)  # what happened to it: once
    about_id = models.UUIDField(null=True, db_index=True)  # the invoice it concerns
    reference = models.CharField(max_length=60)
    label = models.CharField(max_length=200)  # in French, without the name of the client
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    rank = models.BigIntegerField(
        db_default=Func(Value("billing_entry_rank"), function="nextval"), editable=False
    )  # in the order they were written

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        ordering = ("rank",)
        indexes = (
            models.Index(fields=("on",), name="billing_entry_on"),
            models.Index(fields=("rank",), condition=Q(number=None), name="billing_entry_waiting"),
        )
        constraints = (
            models.UniqueConstraint(fields=("source_id", "event"), name="billing_entry_once"),
            models.UniqueConstraint(
                fields=("journal", "currency", "fiscal_year", "number"), name="billing_entry_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number=None, validated_on=None)
                | Q(number__isnull=False, validated_on__isnull=False),
                name="billing_entry_numbered_when_validated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.journal} {self.number or '–'} {self.label}"


class JournalLine(SharedModel):
    """One side of an entry: positive cents are debit, negative ones credit.

    Only its letter is put later: what it was paid with.
    """

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20)  # a name of the chart's accounts
    account = models.CharField(max_length=12)  # its number when the entry was written
    customer = models.ForeignKey(
        "tenants.Customer", on_delete=models.PROTECT, null=True, related_name="journal_lines"
    )
    kind = models.CharField(max_length=12, blank=True)  # of revenue
    cents = models.BigIntegerField()
    letter = models.CharField(max_length=10, blank=True)
    lettered_on = models.DateField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("entry", "position"), name="billing_journalline_once"),
            models.CheckConstraint(condition=~Q(cents=0), name="billing_journalline_moves_something"),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.cents}"


class VatMovement(SharedModel):
    """What an event made due of one part of an invoice's VAT; below zero it is taken back."""

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="vat_movements")
    entry = models.ForeignKey(  # None where no VAT moves: a base without VAT is declared too
        JournalEntry, on_delete=models.PROTECT, null=True, related_name="vat_movements"
    )
    on = models.DateField(db_index=True)
    country = models.CharField(max_length=2, blank=True)
    rate_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    category = models.CharField(max_length=4)
    tax_reason = models.CharField(max_length=40, blank=True)
    nature = models.CharField(max_length=10)
    base_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    label = models.CharField(max_length=120)
    key = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("on", "created_at")

    def __str__(self) -> str:
        return f"{self.on} {self.base_cents} + {self.vat_cents}"
