"""The line of a document: one shape for quotes, orders and invoices."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast, Coalesce, Round

from billing.catalogue.models.catalogue import Nature
from billing.money.policy import vat
from billing.money.policy.tax import OVERSEAS, REASONS, STANDARD, Treatment, check_together
from billing.money.policy.vat import net_of_line
from isolation.models import SharedModel


class LineKind(models.TextChoices):
    """Why a line is there; fees are lines of their own (LG-S6.1s, LG-S6.2)."""

    PRODUCT = "product", "product"
    CHEQUE_FEE = "cheque_fee", "cheque fee"
    SHIPPING = "shipping", "shipping"
    DISCOUNT = "discount", "discount"
    DEPOSIT = "deposit", "deposit deducted"


class Line(SharedModel):
    """One priced line; its amounts exclude VAT, which is computed per rate on the whole document."""

    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=LineKind.choices, default=LineKind.PRODUCT)
    product = models.ForeignKey(
        "billing.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    description = models.CharField(max_length=500)
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.SERVICES)
    quantity = models.PositiveIntegerField()
    unit_net_cents = models.IntegerField()
    unit_gross_cents = models.IntegerField(null=True, blank=True)  # a consumer's price, set with its VAT
    vat_rate = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )  # None: outside the scope
    tax_category = models.CharField(max_length=2, default=STANDARD, db_default=STANDARD)  # of EN 16931
    tax_reason = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )  # the mention that says why

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.description

    @property
    def net_cents(self) -> int:
        """Return the line's amount excluding VAT, in cents."""
        return net_of_line(self.quantity, self.unit_net_cents, self.unit_gross_cents, self.vat_rate)

    @property
    def gross_cents(self) -> int | None:
        """Return the line's amount with its VAT where its price was set with it, else None."""
        return None if self.unit_gross_cents is None else self.quantity * self.unit_gross_cents

    @property
    def unit_with_vat_cents(self) -> int:
        """Return the price of one with its VAT, as a consumer reads it."""
        known = self.unit_gross_cents
        return vat.with_vat(self.unit_net_cents, self.vat_rate) if known is None else known

    @property
    def with_vat_cents(self) -> int:
        """Return the line's amount with its VAT, as a consumer reads it."""
        known = self.gross_cents
        return vat.with_vat(self.net_cents, self.vat_rate) if known is None else known

    def terms(self) -> dict[str, object]:
        """Return what this line says, to copy it from one document to the next."""
        copied = (
            "position",
            "kind",
            "product_id",
            "description",
            "nature",
            "quantity",
            "unit_net_cents",
            "unit_gross_cents",
            "vat_rate",
            "tax_category",
            "tax_reason",
        )
        return {name: getattr(self, name) for name in copied}

    @property
    def treatment(self) -> Treatment:
        """Return how the line is taxed."""
        if self.vat_rate is None and self.tax_category == STANDARD:
            return OVERSEAS
        known = REASONS.get(self.tax_reason)
        return Treatment(
            self.vat_rate, self.tax_category, known.reason_code if known else "", self.tax_reason
        )


class ContractLine(Line):
    """A line that may say what it does to a contract that runs: renew it, or change it (LG-S15)."""

    contract_id = models.UUIDField(null=True, blank=True)
    licences_after = models.PositiveIntegerField(
        null=True, blank=True
    )  # of a contract that ran already (LG-S15)
    term_net_cents = models.PositiveIntegerField(
        null=True, blank=True
    )  # of one for a whole term, when this is a part

    class Meta:
        abstract = True

    def changes(self) -> dict[str, object]:
        """Return what the line does to a running contract, to copy it from one document to the next."""
        return {
            "contract_id": self.contract_id,
            "licences_after": self.licences_after,
            "term_net_cents": self.term_net_cents,
        }


class DocumentSite(SharedModel):
    """A school or an organisation a document opens or adds to."""

    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=40)
    tenant_id = models.UUIDField(null=True, blank=True)  # already open: the contract joins it
    admin_email = models.EmailField(blank=True)  # who is invited there; the buyer when nobody is named

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def terms(self) -> dict[str, Any]:
        """Return what is said of it, to copy it from one document to the next."""
        copied = ("position", "name", "slug", "tenant_id", "admin_email")
        return {name: getattr(self, name) for name in copied}


def net_in_sql() -> Case:
    """Return in SQL what `net_of_line` says of a line; nothing else says it there."""
    gross = F("quantity") * F("unit_gross_cents")
    rate = Coalesce(F("vat_rate"), Value(Decimal(0)))
    within = Round(Cast(gross, models.DecimalField(max_digits=20, decimal_places=0)) * rate / (100 + rate))
    return Case(
        When(unit_gross_cents=None, then=F("quantity") * F("unit_net_cents")),
        default=gross - Cast(within, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
    )


class Taxed(Protocol):
    """What has an amount and a tax: a line, kept or not."""

    @property
    def net_cents(self) -> int:
        """Return the amount excluding VAT, in cents."""

    @property
    def gross_cents(self) -> int | None:
        """Return the amount with VAT where the price was set with it."""

    @property
    def treatment(self) -> Treatment:
        """Return how it is taxed."""


def totals_of(lines: Iterable[Taxed]) -> vat.Totals:
    """Return what these lines add up to, VAT once per rate and reason. Raises MixedTreatments."""
    known = [(line.net_cents, line.treatment, line.gross_cents) for line in lines]
    check_together(each.category for _, each, _gross in known)
    return vat.totals(
        (net, each.rate_pct, each.category, each.mention_key, gross) for net, each, gross in known
    )


class Totals(models.Model):
    """The totals of a document in cents, stored with it once computed from its lines."""

    currency = models.CharField(max_length=3, default="EUR")
    net_cents = models.BigIntegerField(default=0)
    vat_cents = models.BigIntegerField(default=0)
    gross_cents = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    def put(self, totals: vat.Totals) -> None:
        """Keep these totals; the caller saves."""
        self.net_cents = totals.net_cents
        self.vat_cents = totals.vat_cents
        self.gross_cents = totals.gross_cents
