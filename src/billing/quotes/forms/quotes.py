"""The forms of quotes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.models import Product
from billing.catalogue.policy.catalogue import TERM_MONTHS
from billing.catalogue.policy.discount import Discount
from billing.catalogue.policy.prices import EURO, NotOnTheList, QuotedPrice, currency_for
from billing.catalogue.queries.catalogue import PriceBook
from billing.customers.forms.capacity import CapacityFields
from billing.customers.forms.delivery import DeliveryFields
from billing.customers.models import Contact
from billing.invoicing.policy.due import LONGEST_DAYS, PAYMENT_DAYS
from billing.money.forms.fields import BELOW_ZERO, MoneyField, day_field, written
from billing.money.labels import METHODS
from billing.money.policy.money import BadAmount, parse_amount
from billing.money.policy.visible import is_visible
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft
from contracts.forms import ReadableLines
from tenants.models import Customer, slug_shape

MAX_WARRANTY_MONTHS = 120

WHOLE_PCT = 100


class DiscountField(forms.CharField):
    """A discount: "5 %" of what is sold, or an amount excluding VAT; cleaned to a Discount."""

    def to_python(self, value: Any) -> Any:
        """Return the discount that was typed, none when nothing was."""
        text = str(value or "").strip()
        try:
            if text.endswith("%"):
                pct = Decimal(text[:-1].strip().replace(",", "."))
                if not pct.is_finite():
                    raise BadAmount(text)
                if not 0 <= pct <= WHOLE_PCT:
                    raise forms.ValidationError(_("Write a percentage from 0 to 100."))
                return Discount(pct=pct)
            cents = parse_amount(text.rstrip("€")) if text else 0
        except (BadAmount, InvalidOperation):
            raise forms.ValidationError(
                _("Write a percentage such as 5% or an amount such as 120.00.")
            ) from None
        if cents < 0:
            raise forms.ValidationError(BELOW_ZERO)
        return Discount(cents=cents)

    def run_validators(self, value: Any) -> None:
        """Skip the validators of text."""

    def prepare_value(self, value: Any) -> Any:
        """Return a discount as a person would type it; leave what was typed as it was."""
        if not isinstance(value, Discount):
            return value
        if value.pct is not None:
            return f"{format_decimal(value.pct, locale=get_language() or 'fr', format='#,##0.##')} %"
        return written(value.cents) if value.cents else ""


class QuoteForm(CapacityFields, DeliveryFields):
    """Everything of a quote but its sites and lines."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who signs"))
    method = forms.ChoiceField(label=_("Paid by"), choices=list(METHODS.items()))
    valid_until = day_field(_("Valid until"))
    discount = DiscountField(
        label=_("Discount"), required=False, help_text=_("5% of what is sold, or an amount excl. VAT.")
    )
    shipping = MoneyField(label=_("Delivery, excl. VAT"), required=False, help_text=_("A line of its own."))
    payment_days = forms.IntegerField(
        label=_("To be paid within (days)"), min_value=0, max_value=LONGEST_DAYS, initial=PAYMENT_DAYS
    )
    down_payment_pct = forms.IntegerField(
        label=_("Deposit (%)"),
        min_value=0,
        max_value=99,
        initial=0,
        required=False,
        help_text=_("Invoiced first; the rest follows. Empty or 0: no deposit."),
    )
    extended_until = day_field(
        _("Due date put off to"),
        required=False,
        help_text=_("A later due date agreed with the client. Access still waits for the money."),
    )
    deliver_by = day_field(
        _("Things delivered by"),
        required=False,
        help_text=_("A day agreed with the client. Empty: 30 days from the signature at most."),
    )
    term_months = forms.IntegerField(label=_("Term (months)"), min_value=1, max_value=60, initial=TERM_MONTHS)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[], help_text=_("The client’s own; what bears VAT is invoiced in euros.")
    )
    purchase_order_reference = forms.CharField(
        label=_("Engagement number"),
        required=False,
        max_length=50,
        help_text=_("The public body’s own order number, when it gave one: its invoice will bear it."),
    )
    warranty = forms.CharField(
        label=_("Contractual warranty"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What you promise beyond the law’s warranties; it stands on the quote."),
    )
    warranty_months = forms.IntegerField(
        label=_("It lasts (months)"),
        min_value=0,
        max_value=MAX_WARRANTY_MONTHS,
        required=False,
        help_text=_("From delivery. Its last day is computed from this."),
    )
    note = forms.CharField(
        label=_("Note on the quote"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """Offer the contacts of this customer."""
        self.customer = customer
        super().__init__(*args, **kwargs)
        contact_field: Any = self.fields["contact"]
        contact_field.queryset = customer.contacts.speaking()
        self.drop_capacity(customer.customer_type)
        if customer.customer_type != Customer.CustomerType.PUBLIC_BODY:
            del self.fields["purchase_order_reference"]
        own = currency_for(customer.country)
        currency_field: Any = self.fields["currency"]
        currency_field.choices = [(each, each) for each in (own, EURO)]
        if own == EURO:
            del self.fields["currency"]

    def draft(self, lines: list[LineDraft], sites: list[SiteDraft]) -> QuoteDraft:
        """Return what was decided, with these lines and sites; what can't be read yet objects to nothing."""
        data = {"method": "", "valid_until": date.max, **self.cleaned_data}
        contact = data.pop("contact", None)
        shipping = data.pop("shipping", None)
        return QuoteDraft(
            customer_id=self.customer.pk,
            contact_id=contact.pk if contact else None,
            lines=lines,
            sites=sites,
            shipping_cents=shipping or 0,
            down_payment_pct=data.pop("down_payment_pct", None) or 0,
            warranty_months=data.pop("warranty_months", None) or 0,
            **data,
        )


class SiteForm(ReadableLines, forms.Form):
    """A school or an organisation the quote is for; left empty where nothing opens."""

    row_name: Any = _("site %(n)s")

    name = forms.CharField(label=_("School or organisation to open"), max_length=200, required=False)
    slug = forms.CharField(
        label=_("Its address"),
        max_length=40,
        required=False,
        validators=[slug_shape],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    admin_email = forms.EmailField(label=_("Who is invited there"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the name and the address together."""
        data = dict(super().clean() or {})
        if data.get("name") and not data.get("slug") and "slug" not in self.errors:
            self.add_error("slug", ValidationError(_("Choose its address.")))
        if data.get("slug") and not data.get("name"):
            self.add_error("name", ValidationError(_("Say its name.")))
        return data

    def site(self) -> SiteDraft | None:
        """Return the site, or None where nothing was typed."""
        data = self.cleaned_data
        return SiteDraft(data["name"], data["slug"], data["admin_email"]) if data.get("slug") else None


SiteFormSet = forms.formset_factory(SiteForm, extra=0, min_num=1, max_num=60, validate_max=True)


class LineForm(ReadableLines, forms.Form):
    """One line; choosing a product fills its name and price from the list."""

    row_name = _("line %(n)s")

    product = forms.ModelChoiceField(
        Product.objects.none(),
        label=_("Product"),
        required=False,
        empty_label=_("free line"),
        error_messages={"invalid_choice": _("This product isn’t sold any more: choose another one.")},
    )
    description = forms.CharField(label=_("Description"), max_length=500, required=False)
    site = forms.TypedChoiceField(label=_("For"), required=False, coerce=int, empty_value=None)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000, initial=1)
    unit_net = MoneyField(label=_("Unit price excl. VAT"), required=False, negative=True)
    listed = forms.IntegerField(
        required=False, widget=forms.HiddenInput
    )  # the cents that were filled in, not typed

    def __init__(
        self, *args: Any, book: PriceBook, term_months: int = 0, sites: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """Know the prices of the day and the sites; where there is one only, nobody is asked which."""
        self.book = book
        self.term_months = term_months
        super().__init__(*args, **kwargs)
        product_field: Any = self.fields["product"]
        product_field.queryset = Product.objects.on_sale(book.on)
        product_field.label_from_instance = lambda product: product.name(get_language() or "fr")
        if not self.is_bound and "listed" not in self.initial:
            asked = self.asked_now
            self.initial["listed"] = (
                asked.net_cents if asked and asked.net_cents == self.initial.get("unit_net") else None
            )
        if len(sites) < 2:
            del self.fields["site"]
        else:
            named = [(str(n), name or _("site %(n)d") % {"n": n + 1}) for n, name in enumerate(sites)]
            site_field: Any = self.fields["site"]
            site_field.choices = [("", _("all of them")), *named]

    def clean(self) -> dict[str, Any]:
        """Fill in the price where none was typed; ask for a price and words where there is no product."""
        data = dict(super().clean() or {})
        if self.is_empty:
            if str(self["quantity"].value() or "1").strip() != "1":
                self.add_error("product", ValidationError(_("Say what of, or empty this line.")))
            return data
        product = data.get("product")
        typed = data.get("unit_net")
        if "unit_net" not in self.errors and (typed is None or typed == data.get("listed")):
            asked = self.asked(product, data.get("quantity") or 1)
            if asked is not None:
                data["unit_net"] = asked.net_cents
            elif typed is None:
                self.add_error("unit_net", ValidationError(_("Write a price: this one isn’t on the list.")))
        words = data.get("description") or ""
        if (product is None or words) and not is_visible(words) and "description" not in self.errors:
            self.add_error("description", ValidationError(_("Say what is sold.")))
        return data

    def asked(self, product: Product | None, quantity: int) -> QuotedPrice | None:
        """Return what so many of a product cost each for the term chosen; None where the list doesn't say."""
        try:
            return (
                self.book.asked(product, quantity=quantity, term_months=self.term_months) if product else None
            )
        except NotOnTheList:
            return None

    @property
    def is_sold_known(self) -> bool:
        """Return whether what is sold, how many and for which site can be read, whatever its price."""
        return not {"product", "quantity", "site"} & set(self.errors)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is sold by it: a line nobody touched is no line."""
        return not any(
            self[name].value() not in {None, ""} for name in ("product", "description", "unit_net")
        )

    @property
    def asked_now(self) -> QuotedPrice | None:
        """Return what the list says of the line as far as it can be read, to show it beside what was
        typed.
        """
        try:
            product = self.fields["product"].clean(self["product"].value())
            return self.asked(product, self.fields["quantity"].clean(self["quantity"].value()))
        except (ValidationError, TypeError):
            return None

    def line(self, language: str) -> LineDraft:
        """Return the line as it was typed, named after its product where nothing else was said."""
        data = self.cleaned_data
        product = data.get("product")
        words = data.get("description") or (product.name(language) if product else "")
        return LineDraft(
            product.pk if product else None,
            words,
            data["quantity"],
            data.get("unit_net") or 0,
            data.get("site"),
        )


LineFormSet = forms.formset_factory(LineForm, extra=0, min_num=1, max_num=100, validate_max=True)


class SignForm(ReadableLines, forms.Form):
    """The signature: who, in which capacity, and the terms, unticked."""

    name = forms.CharField(label=_("Your first and last name"), max_length=200)
    job_title = forms.CharField(
        label=_("In which capacity"), max_length=120, help_text=_("For example: headteacher, mayor, bursar.")
    )
    terms = forms.BooleanField(label=_("I have read the terms of sale and accept them"))
    firm = forms.BooleanField(label=_("I understand that my signature makes this quote a firm order"))
