"""A quote as a program writes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from billing.api.fields import Day, Money, Strict
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.models import Product
from billing.catalogue.models.catalogue import PaymentMethodType
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.catalogue.policy.discount import Discount
from billing.catalogue.policy.prices import EURO, NotOnTheList, currency_for
from billing.catalogue.queries.catalogue import PriceBook, price_book
from billing.customers.forms.postcode import postcode_words
from billing.customers.models import Contact
from billing.customers.policy.clients import MAX_EMPLOYEES
from billing.invoicing.policy.due import LONGEST_DAYS, PAYMENT_DAYS
from billing.money.policy.address import Address
from billing.money.policy.money import CURRENCIES
from billing.money.policy.postcodes import WrongPostcode, postcode_of
from billing.money.policy.visible import is_visible
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft
from tenants.models import Customer, slug_shape

MAX_CENTS = 1_000_000_00


class LineIn(Strict):
    """A line: a product at its list price or another, or something said in words at a price."""

    product = serializers.PrimaryKeyRelatedField(
        queryset=Product.objects.filter(is_sold=True), allow_null=True, default=None
    )
    description = serializers.CharField(max_length=500, allow_blank=True, default="")
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000)
    unit_net = Money(
        least=-MAX_CENTS,
        most=MAX_CENTS,
        allow_null=True,
        default=None,
        help_text=_("The list price when it is left out."),
    )
    site = serializers.IntegerField(
        min_value=0,
        max_value=59,
        allow_null=True,
        default=None,
        help_text=_("Its rank among the sites, from 0."),
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Fill in the list price; ask for a price and words where there is no product."""
        product = data["product"]
        if (
            product is not None
            and not Product.objects.on_sale(self.context["book"].on).filter(pk=product.pk).exists()
        ):
            text = _("This product isn’t sold any more: choose another one.")
            raise serializers.ValidationError({"product": [text]})
        words = data["description"]
        if (product is None or words) and not is_visible(words):
            raise serializers.ValidationError({"description": [_("Say what is sold.")]})
        if data["unit_net"] is None and product is not None:
            data["unit_net"] = self._list_price(product, data["quantity"])
        if data["unit_net"] is None:
            raise serializers.ValidationError({"unit_net": [_("Write a price: this one isn’t on the list.")]})
        return data

    def _list_price(self, product: Product, quantity: int) -> int | None:
        book: PriceBook = self.context["book"]
        try:
            return book.asked(product, quantity=quantity, term_months=self.context["term_months"]).net_cents
        except NotOnTheList:
            return None


class SiteIn(Strict):
    """A school or an organisation to open."""

    name = serializers.CharField(max_length=200)
    slug = serializers.CharField(max_length=40, validators=[slug_shape])
    admin_email = serializers.EmailField(allow_blank=True, default="")


class DiscountIn(Strict):
    """A discount: per cent of what is sold, or an amount without VAT; one of the two."""

    percent = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        allow_null=True,
        default=None,
    )
    amount = Money(least=0, most=MAX_CENTS, allow_null=True, default=None)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Refuse both at once."""
        if data["percent"] is not None and data["amount"] is not None:
            raise serializers.ValidationError(_("Give a percentage or an amount, not both."))
        return data


class AddressIn(Strict):
    """An address things are delivered to."""

    name = serializers.CharField(max_length=200, allow_blank=True, default="")
    street = serializers.CharField(max_length=200)
    postcode = serializers.CharField(max_length=20, allow_blank=True, default="")
    city = serializers.CharField(max_length=100)
    country = serializers.RegexField(r"^[A-Z]{2}$", help_text=_("By ISO 3166-1, such as FR."))

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep the postcode as its country writes it, or refuse it."""
        try:
            return data | {"postcode": postcode_of(data["country"], data["postcode"])}
        except WrongPostcode as why:
            raise serializers.ValidationError({"postcode": postcode_words(why)}) from None


class QuoteIn(Strict):
    """All that is decided about a quote."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    contact = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.speaking(), help_text=_("Who signs.")
    )
    method = serializers.ChoiceField(PaymentMethodType.choices)
    valid_until = Day()
    lines = LineIn(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]  # of the list
    sites = SiteIn(many=True, default=list, max_length=60)  # type: ignore[call-arg]  # of the list
    discount = DiscountIn(allow_null=True, default=None)
    shipping = Money(least=0, most=MAX_CENTS, allow_null=True, default=None)
    payment_days = serializers.IntegerField(min_value=0, max_value=LONGEST_DAYS, default=PAYMENT_DAYS)
    deposit_pct = serializers.IntegerField(min_value=0, max_value=99, default=0, source="down_payment_pct")
    deferred_until = Day(allow_null=True, default=None, source="extended_until")
    term_months = serializers.IntegerField(min_value=1, max_value=60, default=TERM_MONTHS)
    language = serializers.ChoiceField(settings.LANGUAGES, default="fr")
    currency = serializers.ChoiceField(
        sorted(CURRENCIES),
        required=False,
        help_text=_("The client’s own; what bears VAT is invoiced in euros."),
    )
    delivery = AddressIn(
        allow_null=True, default=None, help_text=_("Where things go, when it is another address.")
    )
    engagement = serializers.CharField(
        max_length=50, allow_blank=True, default="", source="purchase_order_reference"
    )
    deliver_by = Day(allow_null=True, default=None)
    employees = serializers.IntegerField(
        min_value=0,
        max_value=MAX_EMPLOYEES,
        allow_null=True,
        default=None,
        help_text=_("Of a professional: at most 5, outside their main activity, is protected as a consumer."),
    )
    outside_main_activity = serializers.BooleanField(default=False)
    warranty_months = serializers.IntegerField(min_value=0, max_value=120, default=0)
    warranty = serializers.CharField(max_length=2000, allow_blank=True, default="")
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Refuse somebody else's contact, a site that isn't there, and another customer for a quote that
        exists.
        """
        if data["contact"].customer_id != data["customer"].pk:
            raise serializers.ValidationError({"contact": [_("This contact isn’t one of this customer.")]})
        owner = self.context.get("customer_id")
        if owner is not None and data["customer"].pk != owner:
            raise serializers.ValidationError({"customer": [_("A quote stays with its customer.")]})
        if data.get("currency", self.context["currency"]) != self.context["currency"]:
            raise serializers.ValidationError(
                {"currency": [_("Choose the client’s own currency, or the euro.")]}
            )
        known = len(data["sites"])
        wrong: list[Any] = [
            {"site": [_("No site has this rank.")]}
            if (line["site"] or 0) >= known and line["site"] is not None
            else {}
            for line in data["lines"]
        ]
        if any(wrong):
            raise serializers.ValidationError({"lines": wrong})
        return data

    def draft(self) -> QuoteDraft:
        """Return what was decided."""
        data = dict(self.validated_data)
        customer = data.pop("customer")
        contact = data.pop("contact")
        off = data.pop("discount") or {}
        goes_to = data.pop("delivery")
        language = data["language"]
        return QuoteDraft(
            customer_id=customer.pk,
            contact_id=contact.pk,
            lines=[_line(each, language) for each in data.pop("lines")],
            sites=[SiteDraft(**each) for each in data.pop("sites")],
            discount=Discount(pct=off.get("percent"), cents=off.get("amount") or 0),
            delivery=Address(**goes_to) if goes_to else None,
            shipping_cents=data.pop("shipping") or 0,
            **data,
        )


def _line(data: dict[str, Any], language: str) -> LineDraft:
    product = data["product"]
    words = data["description"] or product.name(language)
    return LineDraft(product.pk if product else None, words, data["quantity"], data["unit_net"], data["site"])


def quote_context(data: Any, *, today: date) -> dict[str, Any]:
    """Return what reading a quote needs to know first.

    Its currency, its term, the prices of the day for its customer.
    """
    told = data if isinstance(data, Mapping) else {}
    try:
        customer = Customer.objects.filter(pk=UUID(str(told.get("customer")))).first()
    except ValueError:
        customer = None
    own = currency_for(customer.country) if customer else EURO
    currency = EURO if told.get("currency") == EURO else own
    months = told.get("term_months", TERM_MONTHS)
    book = price_book(today, currency=currency, customer=customer)
    return {
        "book": book,
        "currency": currency,
        "term_months": months if isinstance(months, int) and months > 0 else 0,
    }
