"""The catalogue: what is sold, and at which dated prices."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from billing.catalogue.policy.catalogue import TERM_MONTHS
from isolation.models import SharedModel


class PaymentMethodType(models.TextChoices):
    """How a client pays; set per product and shown before they sign (LG-S6.2)."""

    CHEQUE = "cheque", "cheque"
    TRANSFER = "transfer", "transfer"
    CARD = "card", "card"
    SEPA_DEBIT = "sepa_debit", "SEPA debit"


class Nature(models.TextChoices):
    """The nature of what is sold, as an invoice must say it since 2026."""

    SERVICES = "services", "services"
    GOODS = "goods", "goods"


class Counts(models.TextChoices):
    """What one of a subscription is: its plans are counted by it."""

    PROFILES = "profiles", "profiles"
    USERS = "users", "users"
    SITES = "sites", "sites"
    MACHINES = "machines", "connected machines"


class TaxKey(models.TextChoices):
    """Which rate of a country's VAT a price bears."""

    STANDARD = "standard", "standard"
    BOOKS = "books", "books"
    TRAINING = "training", "exempt training"


class ProductQuerySet(models.QuerySet["Product"]):
    """Chainable filters on products."""

    def on_sale(self, on: date) -> ProductQuerySet:
        """Keep what is sold on a day: not taken off, its sale not over."""
        return self.filter(is_sold=True).exclude(phaseout__sold_until__lte=on)

    def physical(self) -> ProductQuerySet:
        """Keep the things that are shipped."""
        return self.filter(kind=Product.Kind.GOODS)


class Product(SharedModel):
    """Something on the price list: a subscription, its options, a service or a thing that is shipped."""

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
    term_months = models.PositiveSmallIntegerField(default=TERM_MONTHS)
    renewal = models.CharField(max_length=20, db_column="renews", default="fixed")  # "fixed" or "automatic"
    is_sold = models.BooleanField(default=True)
    summary_fr = models.CharField(max_length=300, blank=True, default="", db_default="")
    summary_en = models.CharField(max_length=300, blank=True, default="", db_default="")
    features_fr = models.TextField(
        blank=True, default="", db_default=""
    )  # one a line, as the buyer reads them
    features_en = models.TextField(blank=True, default="", db_default="")
    counts = models.CharField(
        max_length=10, choices=Counts.choices, default=Counts.PROFILES, db_default=Counts.PROFILES
    )
    option_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="options"
    )
    terms = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField())
    )  # months one may choose
    has_custom_terms = models.BooleanField(default=False, db_default=False)  # any other term, on a quote
    trial_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    minimum_quantity = models.PositiveIntegerField(default=1, db_default=1)
    abnormal_quantity = models.PositiveIntegerField(
        null=True, blank=True
    )  # from which a consumer's order is abnormal
    stock = models.PositiveIntegerField(null=True, blank=True)  # things only; never below zero

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("key",)
        constraints = (
            models.CheckConstraint(
                condition=Q(stock=None) | Q(kind="goods"), name="billing_product_only_things_have_a_stock"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def offered_terms(self) -> list[int]:
        """Return the terms one may choose, in months: its own first."""
        return [self.term_months, *sorted(set(self.terms) - {self.term_months})]

    def summary(self, language: str) -> str:
        """Return what it is in a sentence."""
        return self.summary_en if language == "en" else self.summary_fr

    def features(self, language: str) -> list[str]:
        """Return what it does, point by point."""
        text = self.features_en if language == "en" else self.features_fr
        return [line.strip() for line in text.splitlines() if line.strip()]

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
    delivery_net_cents = models.PositiveIntegerField(
        default=0, db_default=0
    )  # per order that ships something
    free_delivery_from_cents = models.PositiveIntegerField(null=True, blank=True)  # of things, excluding VAT

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

    def is_editable(self, today: date) -> bool:
        """Return whether it can still be written.

        A list that was in force is never edited, a new one copies it.
        """
        return self.starts_on > today


class PriceQuerySet(models.QuerySet["Price"]):
    """Chainable filters on prices."""

    def base(self) -> PriceQuerySet:
        """Keep the price of one, for the product's own term: what an offer starts from."""
        return self.filter(term_months=0, from_quantity=1)


class Price(SharedModel):
    """What one unit of a product costs on a list, excluding VAT, for a term, from a quantity on."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    net_cents = models.PositiveIntegerField()
    gross_cents = models.PositiveIntegerField(null=True, blank=True)  # with VAT: what a consumer pays
    tax_key = models.CharField(max_length=20, default="standard")
    term_months = models.PositiveSmallIntegerField(default=0, db_default=0)  # 0: the product's own term
    from_quantity = models.PositiveIntegerField(default=1, db_default=1)

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ("product__key", "term_months", "from_quantity")
        constraints = (
            models.UniqueConstraint(
                fields=("price_list", "product", "term_months", "from_quantity"), name="billing_price_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id}: {self.net_cents}"

    @property
    def currency(self) -> str:
        """Return the currency of its list."""
        return self.price_list.currency


class Promotion(SharedModel):
    """A lower price for a while; it is no list price: renewals and comparisons never see it (MC-11)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="promotions")
    currency = models.CharField(max_length=3, default="EUR")
    name_fr = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    net_cents = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="billing_promotion_period"),
            models.UniqueConstraint(
                fields=("product", "currency", "starts_on"), name="billing_promotion_once"
            ),
        )

    def __str__(self) -> str:
        return self.name_fr


class Requirements(SharedModel):
    """A published version of what a product needs to run; never edited.

    A change is the next version (LG-S11).
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="requirements")
    version = models.PositiveSmallIntegerField()
    text_fr = models.TextField()
    text_en = models.TextField()
    is_major = models.BooleanField(default=False)
    published_on = models.DateField()
    in_force_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("product", "version"), name="billing_requirements_once"),
            models.CheckConstraint(
                condition=Q(in_force_on__gte=F("published_on")), name="billing_requirements_ahead"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id} v{self.version}"

    def text(self, language: str) -> str:
        """Return the requirements in the language of the document."""
        return self.text_en if language == "en" else self.text_fr


class Phaseout(SharedModel):
    """A product's way off the market: no new sale from a day on, subscribers told at least 6 months ahead
    (MC-1s).
    """

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="phaseout")
    announced_on = models.DateField()
    sold_until = models.DateField()  # the first day on which it isn't sold any more
    access_until = (
        models.DateField()
    )  # the first day on which nobody is owed access but to the end of their term
    reason_fr = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-announced_on",)

    def __str__(self) -> str:
        return f"{self.product_id}, {self.access_until}"

    def reason(self, language: str) -> str:
        """Return why, in the language of the reader."""
        return self.reason_en if language == "en" else self.reason_fr
