"""The forms of the catalogue: products, price lists, requirements, promotions, the way off the market."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.catalogue.models import PriceList, Product
from billing.catalogue.models.catalogue import Counts, TaxKey
from billing.money.forms.fields import MoneyField, day_field
from billing.money.labels import METHODS
from billing.money.policy.money import CURRENCIES
from contracts.forms import ReadableLines, TellsChanges
from contracts.registry import profiles

KINDS = [
    ("subscription", _("subscription")),
    ("service", _("service")),
    ("goods", _("thing that is shipped")),
]

COUNTED = [
    (Counts.PROFILES, _("profiles")),
    (Counts.USERS, _("users")),
    (Counts.SITES, _("sites")),
    (Counts.MACHINES, _("connected machines")),
]

RENEWALS = [("fixed", _("fixed: it ends by itself")), ("automatic", _("automatic: it renews"))]

TAXES = [
    (TaxKey.STANDARD, _("standard rate")),
    (TaxKey.BOOKS, _("books")),
    (TaxKey.TRAINING, _("exempt training")),
]

LONG = {"rows": 4}


class ProductForm(TellsChanges, ReadableLines, forms.ModelForm[Product]):
    """What is sold, how it may be paid, for how long, and to how many."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    profile = forms.ChoiceField(label=_("Contract profile it opens"), required=False)
    counts = forms.ChoiceField(label=_("What is counted"), choices=COUNTED)
    renewal = forms.ChoiceField(label=_("Renewal"), choices=RENEWALS)
    methods = forms.MultipleChoiceField(
        label=_("Payment methods"), choices=list(METHODS.items()), widget=forms.CheckboxSelectMultiple
    )
    terms = forms.CharField(
        label=_("Other terms one may choose (months)"),
        required=False,
        help_text=_("Separated by commas: 1, 24, 36."),
    )

    class Meta:
        model = Product
        fields = (
            "key",
            "kind",
            "name_fr",
            "name_en",
            "summary_fr",
            "summary_en",
            "features_fr",
            "features_en",
            "unit_fr",
            "unit_en",
            "option_of",
            "profile",
            "counts",
            "minimum_quantity",
            "abnormal_quantity",
            "term_months",
            "terms",
            "has_custom_terms",
            "renewal",
            "trial_days",
            "methods",
            "cheque_minimum",
            "is_sold",
        )
        labels = {
            "key": _("Reference"),
            "name_fr": _("Name in French"),
            "name_en": _("Name in English"),
            "summary_fr": _("In a sentence, in French"),
            "summary_en": _("In a sentence, in English"),
            "features_fr": _("Functions, in French"),
            "features_en": _("Functions, in English"),
            "unit_fr": _("One of it, in French"),
            "unit_en": _("One of it, in English"),
            "option_of": _("Option of"),
            "minimum_quantity": _("Smallest quantity"),
            "abnormal_quantity": _("Abnormal for a consumer from"),
            "term_months": _("Term (months)"),
            "has_custom_terms": _("Any other term on a quote"),
            "trial_days": _("Trial (days)"),
            "cheque_minimum": _("Cheque from so many users on"),
            "is_sold": _("On sale"),
        }
        help_texts = {
            "key": _("Small letters, digits, hyphens; invoices and files name the product by it."),
            "features_fr": _("One a line. The order keeps them: none may be taken away from who ordered it."),
            "features_en": _("One a line."),
            "abnormal_quantity": _("Empty: no limit. An order of so many may be refused with this reason."),
            "trial_days": _("0: no trial. Only for orders paid online."),
        }
        widgets = {"features_fr": forms.Textarea(attrs=LONG), "features_en": forms.Textarea(attrs=LONG)}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer the profiles in force and the products that may have options."""
        super().__init__(*args, **kwargs)
        known = [(each.key, each.name["fr"]) for each in profiles(on=today)]
        profile_field: Any = self.fields["profile"]
        profile_field.choices = [("", _("none")), *known]
        parents = Product.objects.filter(kind=Product.Kind.SUBSCRIPTION, option_of=None).exclude(
            pk=self.instance.pk
        )
        option_of: Any = self.fields["option_of"]
        option_of.queryset = parents
        option_of.empty_label = _("none: sold by itself")
        option_of.label_from_instance = lambda product: product.name("fr")
        if isinstance(self.initial.get("terms"), list):
            self.initial["terms"] = ", ".join(str(months) for months in self.initial["terms"])

    def clean_terms(self) -> list[int]:
        """Return months, each from 1 to 60."""
        try:
            months = sorted(
                {
                    int(part)
                    for part in self.cleaned_data["terms"].replace(";", ",").split(",")
                    if part.strip()
                }
            )
        except ValueError:
            raise ValidationError(_("Write months separated by commas, such as 1, 24.")) from None
        if any(not 1 <= each <= 60 for each in months):
            raise ValidationError(_("A term is 1 to 60 months."))
        return months

    def clean(self) -> dict[str, Any]:
        """Refuse a subscription without profile; say what doesn't go together."""
        data = dict(super().clean() or {})
        if data.get("kind") == "subscription" and not data.get("profile") and not data.get("option_of"):
            self.add_error("profile", _("A subscription opens a contract profile: choose one."))
        if data.get("kind") != "subscription" and data.get("profile"):
            self.add_error("profile", _("Only a subscription opens a profile."))
        if data.get("trial_days") and not {"card", "sepa_debit"} & set(data.get("methods") or ()):
            self.add_error("trial_days", _("A trial needs an online payment method: card or direct debit."))
        return data


class NewListForm(ReadableLines, forms.Form):
    """A new price list: a copy of another, from a day to come on."""

    name = forms.CharField(label=_("Name"), max_length=100)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(each, each) for each in sorted(CURRENCIES)])
    starts_on = day_field(_("In force from"))
    source = forms.ModelChoiceField(
        PriceList.objects.all(), label=_("Prices copied from"), required=False, empty_label=_("an empty list")
    )


class ListForm(ReadableLines, forms.Form):
    """What delivery costs on a list."""

    delivery = MoneyField(label=_("Delivery, excl. VAT"), required=False)
    free_from = MoneyField(
        label=_("Free from (things, excl. VAT)"), required=False, help_text=_("Empty: never free.")
    )


class PriceForm(ReadableLines, forms.Form):
    """One price of a list."""

    row_name = _("line %(n)s")

    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), required=False, empty_label="–"
    )
    term_months = forms.IntegerField(
        label=_("Term (months)"),
        min_value=0,
        max_value=60,
        initial=0,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    from_quantity = forms.IntegerField(
        label=_("From quantity"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    net = MoneyField(label=_("Price excl. VAT"), required=False)
    gross = MoneyField(label=_("Price incl. VAT, for consumers"), required=False)
    tax_key = forms.ChoiceField(label=_("VAT"), choices=TAXES, initial=TaxKey.STANDARD, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name products in words."""
        super().__init__(*args, **kwargs)
        product_field: Any = self.fields["product"]
        product_field.label_from_instance = lambda product: product.name("fr")

    def clean(self) -> dict[str, Any]:
        """Ask for the price of a product that is named."""
        data = dict(super().clean() or {})
        typed = [data.get("net"), data.get("gross")]
        if data.get("product") and typed == [None, None] and not {"net", "gross"} & set(self.errors):
            self.add_error("net", _("Write a price."))
        return data

    def row(self) -> dict[str, Any] | None:
        """Return the price as the list keeps it, None where the line is empty."""
        data = self.cleaned_data
        if not data.get("product"):
            return None
        return {
            "product": data["product"],
            "net_cents": data["net"],
            "gross_cents": data["gross"],
            "tax_key": data.get("tax_key") or TaxKey.STANDARD,
            "term_months": data.get("term_months") or 0,
            "from_quantity": data.get("from_quantity") or 1,
        }


class Prices(forms.BaseFormSet[PriceForm]):
    """The prices of a list: each product, term and step once."""

    def clean(self) -> None:
        """Refuse the same price twice."""
        seen: set[Any] = set()
        for form in self.forms:
            row = form.row() if not form.errors else None
            key = row and (row["product"].pk, row["term_months"], row["from_quantity"])
            if key and key in seen:
                form.add_error("net", _("This product has a price for that term and quantity already."))
            seen.add(key)


PriceSheet = forms.formset_factory(PriceForm, formset=Prices, extra=0, max_num=500, validate_max=True)


class RequirementsForm(forms.Form):
    """A version of what a product needs to run."""

    text_fr = forms.CharField(label=_("In French"), widget=forms.Textarea(attrs=LONG))
    text_en = forms.CharField(label=_("In English"), widget=forms.Textarea(attrs=LONG))
    is_major = forms.BooleanField(
        label=_("A major change"), required=False, help_text=_("Subscribers are told 30 days ahead.")
    )
    in_force_on = day_field(_("In force from"))


class PromotionForm(ReadableLines, forms.Form):
    """A lower price for a while."""

    name_fr = forms.CharField(label=_("Name in French"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(each, each) for each in sorted(CURRENCIES)], initial="EUR"
    )
    net = MoneyField(label=_("Price excl. VAT"))
    starts_on = day_field(_("From"))
    last_day = day_field(_("To, this day included"))

    def clean(self) -> dict[str, Any]:
        """Refuse a promotion that ends before it starts; keep the first day after it."""
        data = dict(super().clean() or {})
        starts_on = data.get("starts_on")
        last_day = data.get("last_day")
        if starts_on and last_day:
            if last_day < starts_on:
                self.add_error("last_day", _("It can’t end before it starts."))
            data["ends_on"] = last_day + timedelta(days=1)
        return data


class PhaseoutForm(ReadableLines, forms.Form):
    """The way of a product off the market."""

    sold_until = day_field(_("Not sold any more from"))
    access_until = day_field(
        _("Access until"), help_text=_("6 months from today at least; running terms go to their end.")
    )
    reason_fr = forms.CharField(label=_("Why, in French"), max_length=300)
    reason_en = forms.CharField(label=_("Why, in English"), max_length=300)


class StockForm(ReadableLines, forms.Form):
    """Things that came in, or what was counted."""

    quantity = forms.IntegerField(label=_("How many"), min_value=0, max_value=1_000_000)
    how = forms.ChoiceField(
        label=_("What happened"), choices=[("received", _("came in")), ("counted", _("are there"))]
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
