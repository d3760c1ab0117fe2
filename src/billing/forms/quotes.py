"""The forms of quotes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.actions.write_quote import LineDraft, QuoteDraft
from billing.forms.fields import MoneyField, day_field
from billing.models import Contact, Price, Product
from billing.templatetags.billing import METHODS
from tenants.models import Customer, slug_shape


class QuoteForm(forms.Form):
    """Everything of a quote but its lines."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who signs"))
    site_name = forms.CharField(label=_("School or organisation to open"), max_length=200, required=False)
    site_slug = forms.CharField(
        label=_("Its address"), max_length=40, required=False, validators=[slug_shape],
        help_text=_("What comes before the dot: small letters, digits, hyphens."),
    )  # fmt: skip
    method = forms.ChoiceField(label=_("Paid by"), choices=list(METHODS.items()))
    valid_until = day_field(_("Valid until"))
    payment_days = forms.IntegerField(label=_("To be paid within (days)"), min_value=0, max_value=60, initial=30)
    term_months = forms.IntegerField(label=_("Term (months)"), min_value=1, max_value=60, initial=12)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    delivery = forms.CharField(
        label=_("Delivery address, when it is another one"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    note = forms.CharField(label=_("Note on the quote"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """Offer the contacts of this customer."""
        self.customer = customer
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = customer.contacts.all()  # type: ignore[attr-defined]

    def draft(self, lines: list[LineDraft]) -> QuoteDraft:
        """Return what was decided, with these lines."""
        data = dict(self.cleaned_data)
        contact = data.pop("contact")
        return QuoteDraft(customer_id=self.customer.pk, contact_id=contact.pk, lines=lines, **data)


class LineForm(forms.Form):
    """One line; choosing a product fills its name and price from the list."""

    product = forms.ModelChoiceField(
        Product.objects.filter(is_sold=True), label=_("Product"), required=False, empty_label=_("free line")
    )
    description = forms.CharField(label=_("Description"), max_length=500, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000, initial=1)
    unit_net = MoneyField(label=_("Unit price excl. VAT"), required=False, negative=True)

    def __init__(self, *args: Any, prices: dict[Any, Price] | None = None, **kwargs: Any) -> None:
        """Know the price list in force."""
        self.prices = prices or {}
        super().__init__(*args, **kwargs)
        self.fields["product"].label_from_instance = lambda product: product.name("fr")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Fill in the list price; ask for a price and words where there is no product."""
        data = dict(super().clean() or {})
        product = data.get("product")
        price = self.prices.get(product.pk) if product else None
        if data.get("unit_net") is None and "unit_net" not in self.errors:
            if price is None:
                self.add_error("unit_net", ValidationError(_("Write a price: this one isn’t on the list.")))
            else:
                data["unit_net"] = price.net_cents
        if product is None and not data.get("description"):
            self.add_error("description", ValidationError(_("Say what is sold.")))
        return data

    def line(self, language: str) -> LineDraft:
        """Return the line as it was typed, named after its product where nothing else was said."""
        data = self.cleaned_data
        product = data.get("product")
        words = data.get("description") or (product.name(language) if product else "")
        return LineDraft(product.pk if product else None, words, data["quantity"], data["unit_net"])


LineFormSet = forms.formset_factory(LineForm, extra=0, min_num=1, validate_min=True, max_num=100, validate_max=True)


class SignForm(forms.Form):
    """The signature: who, in which capacity, and the terms, unticked."""

    name = forms.CharField(label=_("Your first and last name"), max_length=200)
    capacity = forms.CharField(
        label=_("In which capacity"), max_length=120, help_text=_("For example: headteacher, mayor, bursar.")
    )
    terms = forms.BooleanField(label=_("I have read the terms of sale and accept them"))
    firm = forms.BooleanField(label=_("I understand that my signature makes this quote a firm order"))
