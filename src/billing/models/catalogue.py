"""The catalogue: what is sold, and at which dated prices."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from isolation.models import SharedModel


class Method(models.TextChoices):
    """How a client pays; set per product and shown before they sign (LG-S6.2)."""

    CHEQUE = "cheque", "cheque"
    TRANSFER = "transfer", "transfer"
    CARD = "card", "card"


class Nature(models.TextChoices):
    """The nature of what is sold, as an invoice must say it since 2026."""

    SERVICES = "services", "services"
    GOODS = "goods", "goods"


class Product(SharedModel):
    """Something on the price list: a subscription, a service or a thing that is shipped."""

    class Kind(models.TextChoices):
        """What a line of this product leads to once it is paid."""

        SUBSCRIPTION = "subscription", "subscription"
        SERVICE = "service", "service"
        GOODS = "goods", "goods"

    key = models.SlugField(unique=True)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SUBSCRIPTION)
    profile = models.CharField(max_length=40, blank=True)  # the contract profile a subscription opens
    unit_fr = models.CharField(max_length=40, default="profil")
    unit_en = models.CharField(max_length=40, default="profile")
    methods = models.JSONField(default=list)
    cheque_minimum = models.PositiveIntegerField(default=0)  # users from which a cheque is taken
    term_months = models.PositiveSmallIntegerField(default=12)
    renews = models.CharField(max_length=20, default="fixed")  # "fixed" or "automatic"
    is_sold = models.BooleanField(default=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key

    @property
    def nature(self) -> str:
        """Return "goods" or "services", as the invoice mentions it."""
        return Nature.GOODS if self.kind == self.Kind.GOODS else Nature.SERVICES

    def name(self, language: str) -> str:
        """Return the product's name in the language of the document."""
        return self.name_en if language == "en" else self.name_fr

    def unit(self, language: str) -> str:
        """Return what one of it is called in the language of the document."""
        return self.unit_en if language == "en" else self.unit_fr


class PriceListQuerySet(models.QuerySet["PriceList"]):
    """Chainable filters on price lists."""

    def in_force(self, on: date) -> PriceListQuerySet:
        """Keep the lists whose period holds `on`."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))


class PriceList(SharedModel):
    """The prices in one currency over a half-open period."""

    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3, default="EUR")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="billing_pricelist_period"
            ),
            models.UniqueConstraint(fields=("currency", "starts_on"), name="billing_pricelist_once"),
        )

    def __str__(self) -> str:
        return self.name


class Price(SharedModel):
    """What one unit of a product costs on a list, excluding VAT."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    net_cents = models.PositiveIntegerField()
    tax_key = models.CharField(max_length=20, default="standard")

    class Meta:
        ordering = ("product__key",)
        constraints = (models.UniqueConstraint(fields=("price_list", "product"), name="billing_price_once"),)

    def __str__(self) -> str:
        return f"{self.product_id}: {self.net_cents}"
