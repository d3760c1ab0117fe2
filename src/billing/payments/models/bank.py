"""The bank's side: slips of cheques paid in, and statements read from a file."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from billing.payments.policy.states import BANK_STATEMENT_LINE
from contracts.models import RedactedCharField
from isolation.models import SharedModel


class ChequeDeposit(SharedModel):
    """A slip of cheques taken to the bank together."""

    number = models.CharField(max_length=35, unique=True)
    made_on = models.DateField()
    deposited_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    made_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "billing_remittance"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.number

    def mark_deposited(self, *, on: date) -> None:
        """Keep the day the bank took it."""
        self.deposited_on = on
        self.save(update_fields=["deposited_on"])


class CsvMapping(SharedModel):
    """Which column of a bank's CSV is what; kept, so that it is said once."""

    name = models.CharField(max_length=80, unique=True)
    delimiter = models.CharField(max_length=1, default=";")
    day_format = models.CharField(max_length=20, default="%d/%m/%Y")
    columns = models.JSONField(
        default=dict
    )  # "booked_on", "amount" or "credit" and "debit", "currency", "text", "name", "reference"
    account = models.CharField(max_length=64, blank=True)  # a digest of the account's number, never itself
    account_hint = models.CharField(max_length=4, blank=True)  # its last signs, for people
    says_sides = models.BooleanField(default=False, db_default=False)  # by a minus, in a file read by it
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def note_sides(self) -> None:
        """Keep that its bank says which amounts left: a file without any holds only money that came."""
        self.says_sides = True
        self.save(update_fields=["says_sides"])


class BankStatement(SharedModel):
    """A file of the bank that was read; the file itself is not kept, nor any account number in it."""

    digest = models.CharField(max_length=64, unique=True)  # of the file: the same one twice changes nothing
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=20)  # "camt.053.001.02", "camt.053.001.08" or "csv"
    reference = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    known_lines = models.PositiveIntegerField(default=0)  # left out: an earlier file held them
    zero_lines = models.PositiveIntegerField(default=0)  # left out: they inform, and move nothing
    # left out, said when the file is read and in the journal, not kept here: not booked; of a balance
    pending_lines = 0
    balance_lines = 0
    is_without_sides = models.BooleanField(
        default=False, db_default=False
    )  # nothing in it says what left: all is read as received
    checked_at = models.DateTimeField(null=True, blank=True)  # a person took it all the same
    read_by = models.UUIDField(null=True, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("-read_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def must_be_checked(self) -> bool:
        """Return whether balances and lines differ, or it doesn't say what left, and nobody has taken it."""
        if self.checked_at is not None:
            return False
        return self.is_without_sides or self.balances.exclude(difference_cents=0).exists()

    def mark_checked(self, *, at: datetime) -> None:
        """Keep that a person looked and took it all the same."""
        self.checked_at = at
        self.save(update_fields=["checked_at"])


class BankStatementBalance(SharedModel):
    """What an account held before and after one statement of a file; None where the bank doesn't say it."""

    statement = models.ForeignKey(BankStatement, on_delete=models.CASCADE, related_name="balances")
    position = models.PositiveIntegerField()
    account = models.CharField(max_length=64, blank=True)  # a digest of the account's number, never itself
    account_hint = models.CharField(max_length=4, blank=True)  # its last signs, for people
    reference = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    opening_cents = models.BigIntegerField(null=True, blank=True)
    opening_on = models.DateField(null=True, blank=True)
    closing_cents = models.BigIntegerField(null=True, blank=True)
    closing_on = models.DateField(null=True, blank=True)
    difference_cents = models.BigIntegerField(default=0)  # closing, less opening and lines

    class Meta:
        ordering = ("statement", "position")

    def __str__(self) -> str:
        return f"{self.account_hint}: {self.opening_cents} – {self.closing_cents}"


class BankStatementLine(SharedModel):
    """One entry of a statement; it does nothing until a person confirms what it pays."""

    class State(models.TextChoices):
        """Waiting for a person, applied, or set aside with a reason."""

        WAITING = "waiting", "to be matched"
        RECONCILED = "applied", "applied"
        SET_ASIDE = "set_aside", "set aside"

    statement = models.ForeignKey(BankStatement, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, unique=True)
    booked_on = models.DateField()
    amount_cents = models.BigIntegerField()  # below zero: money that left
    currency = models.CharField(max_length=3, default="EUR")
    name = models.CharField(max_length=140, blank=True)
    text = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    joined = models.CharField(max_length=2000, blank=True)  # what else the bank says; the text without breaks
    account = models.CharField(max_length=64, blank=True)  # digests: of the account, of the two references
    servicer_digest = models.CharField(max_length=64, blank=True)
    end_to_end_digest = models.CharField(max_length=64, blank=True)
    counterpart_digest = models.CharField(max_length=64, blank=True)  # of the same line in another format
    told_account = models.CharField(max_length=64, blank=True)  # a digest of what a CSV calls its account
    counterpart_account = models.CharField(max_length=64, blank=True)
    payer_digest = models.CharField(max_length=64, blank=True)  # of the payer's account, with our secret
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = RedactedCharField(max_length=300, blank=True)
    payment = models.ForeignKey(
        "billing.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="bank_lines"
    )
    cheque_deposit = models.ForeignKey(
        ChequeDeposit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_lines",
        db_column="remittance_id",
    )
    is_payout = models.BooleanField(default=False, db_default=False)  # the provider's, of what it held for us
    payouts_undone_on = ArrayField(models.DateField(), default=list, db_default=[])  # as often as it was none

    class Meta:
        db_table = "billing_bankline"
        ordering = ("statement", "position")

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount_cents}"

    def mark_reconciled(
        self, *, payment: models.Model | None = None, cheque_deposit: ChequeDeposit | None = None
    ) -> None:
        """Keep what it turned out to be."""
        self.state = BANK_STATEMENT_LINE.after("reconcile", self.state)
        self.payment = payment  # type: ignore[assignment]
        self.cheque_deposit = cheque_deposit
        self.save(update_fields=["state", "payment", "cheque_deposit"])

    def mark_payout(self) -> None:
        """Keep that it is what the payment provider paid out, or took back."""
        self.state = BANK_STATEMENT_LINE.after("reconcile", self.state)
        self.is_payout = True
        self.save(update_fields=["state", "is_payout"])

    def mark_no_payout(self, *, on: date) -> None:
        """Keep that it was no payout after all, and since when: it waits again."""
        self.state = BANK_STATEMENT_LINE.after("take_back", self.state)
        self.is_payout = False
        self.payouts_undone_on = [*self.payouts_undone_on, on]
        self.save(update_fields=["state", "is_payout", "payouts_undone_on"])

    def set_aside(self, *, reason: str) -> None:
        """Keep that it is none of our business here, and why."""
        self.state = BANK_STATEMENT_LINE.after("set_aside", self.state)
        self.reason = reason
        self.save(update_fields=["state", "reason"])
