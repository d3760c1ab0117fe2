"""What a buyer types in the shop: who they are, where things go, how they pay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.customers.forms.capacity import CapacityFields
from billing.customers.forms.customers import CountryField, CustomerForm
from billing.customers.forms.delivery import PARTS, DeliveryFields
from contracts.forms import ReadableLines, Trap
from tenants.models import Customer

# Where a visitor may look at prices and order from; the rest of the world asks for a quote.
COUNTRIES = {
    "FR": _("Mainland France, Corsica"),
    "GP": _("Guadeloupe"),
    "MQ": _("Martinique"),
    "RE": _("Réunion"),
    "GF": _("Guyane"),
    "YT": _("Mayotte"),
    "BE": _("Belgium"),
    "LU": _("Luxembourg"),
    "CH": _("Switzerland"),
    "CA": _("Canada"),
    "AE": _("United Arab Emirates"),
    "GB": _("United Kingdom"),
}

CLIENTS = (
    ("consumer", _("for my family or myself")),
    ("professional", _("for a school, an organisation, my profession")),
)

WAYS = {
    "card": pgettext_lazy("way to pay", "Card"),
    "sepa_debit": pgettext_lazy("way to pay", "SEPA direct debit"),
    "transfer": pgettext_lazy("way to pay", "Bank transfer"),
    "cheque": pgettext_lazy("way to pay", "Cheque"),
}

WANTED = (
    "email",
    "street",
    "postcode",
    "city",
    "vat_number",
    "first_name",
    "last_name",
    "job_title",
    "school",
)

SIRET_LENGTH = 14


class AddForm(ReadableLines, forms.Form):
    """A product to put in the cart."""

    product = forms.UUIDField()
    quantity = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    term = forms.IntegerField(min_value=0, max_value=120, required=False)
    country = forms.ChoiceField(choices=list(COUNTRIES.items()), required=False)
    client = forms.ChoiceField(choices=CLIENTS, required=False)


class MethodForm(forms.Form):
    """How it is paid, among what all of it allows."""

    method = forms.ChoiceField(
        label=_("How would you like to pay?"), widget=forms.RadioSelect(attrs={"class": "boxed"})
    )

    def __init__(self, *args: Any, methods: tuple[str, ...], **kwargs: Any) -> None:
        """Offer what the cart allows."""
        super().__init__(*args, **kwargs)
        method_field: Any = self.fields["method"]
        method_field.choices = [(method, WAYS[method]) for method in methods]


class PlaceForm(forms.Form):
    """The terms, unticked, and what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    terms = forms.BooleanField(
        required=False,
        label=_("I have read the terms of sale and accept them"),
        error_messages={"required": _("Tick this box to go on: nothing is accepted for you.")},
    )


class WhereForm(CapacityFields, DeliveryFields):
    """What an order asks besides who buys: where things go, which school is opened."""

    school = forms.CharField(
        label=_("Name of your school or organisation"),
        max_length=200,
        help_text=_("Its space opens under this name, at an address of its own."),
    )

    def __init__(self, *args: Any, ships: bool, opens: bool, client: str, **kwargs: Any) -> None:
        """Ask only what this cart and this client need."""
        super().__init__(*args, **kwargs)
        self.client = client
        self.drop_capacity(client)
        drop_unasked(self, ships=ships, opens=opens)

    def details(self) -> dict[str, Any]:
        """Return what was typed."""
        where = {"school": str(self.cleaned_data.get("school", "")), "delivery": self.delivery_kept()}
        return where | self.capacity_kept(self.client)


class DetailsForm(Trap, CapacityFields, DeliveryFields, CustomerForm):
    """Who buys, asked once: a person for themselves, or somebody for an organisation."""

    customer_type = forms.ChoiceField(
        label=_("You buy"), choices=CLIENTS, widget=forms.RadioSelect(attrs={"class": "boxed"})
    )
    organisation = forms.CharField(label=_("School or organisation"), max_length=200, required=False)
    siren = forms.CharField(
        label=_("SIREN or SIRET"),
        max_length=20,
        required=False,
        help_text=_("In France: your invoice must bear it."),
    )
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("Elsewhere in the European Union, if you have one."),
    )
    job_title = forms.CharField(label=_("In which capacity"), max_length=120, required=False)
    first_name = forms.CharField(
        label=_("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The confirmation and the invoice come here."),
    )
    street = forms.CharField(
        label=_("Address"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    postcode = forms.CharField(
        label=_("Postcode"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "postal-code"})
    )
    city = forms.CharField(
        label=_("Town"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    country = CountryField(label=_("Country"), choices=list(COUNTRIES.items()), initial="FR")
    school = WhereForm.base_fields["school"]

    class Meta:
        model = Customer
        fields = ("customer_type", "vat_number", "email", "street", "postcode", "city", "country")

    field_order = ()  # the page draws them in its own order

    def __init__(self, *args: Any, ships: bool, opens: bool, client: str, **kwargs: Any) -> None:
        """Ask only what this cart needs."""
        super().__init__(*args, **kwargs)
        drop_unasked(self, ships=ships, opens=opens)
        if opens:
            self.fields["school"].required = False  # the organisation's name when nothing else is said

    def clean(self) -> dict[str, Any]:
        """Ask an organisation for its name; a person has no numbers of a company."""
        if self.cleaned_data.get("customer_type") == "consumer":
            self.cleaned_data |= {"siren": "", "vat_number": "", "organisation": "", "job_title": ""}
        elif not self.cleaned_data.get("organisation", "").strip():
            self.add_error("organisation", _("Say for which school or organisation you buy."))
        return super().clean()

    def details(self) -> dict[str, Any]:
        """Return what was typed, as the cart keeps it."""
        data = self.cleaned_data
        typed = {name: str(data.get(name, "")).strip() for name in WANTED}
        names = f"{typed['first_name']} {typed['last_name']}".strip()
        siren = data["siren"]
        return (
            typed
            | {
                "name": data["organisation"].strip() or names,
                "siren": siren[:9],
                "email": typed["email"].lower(),
                "siret": siren if len(siren) == SIRET_LENGTH else "",
                "delivery": self.delivery_kept(),
            }
            | self.capacity_kept(data.get("customer_type", ""))
        )


def drop_unasked(form: forms.BaseForm, *, ships: bool, opens: bool) -> None:
    """Take out of a form what a cart doesn't ask.

    No address where nothing ships, no school where none opens.
    """
    for name in PARTS if not ships else ():
        form.fields.pop(f"delivery_{name}")
    if ships:
        delivery_country_field: Any = form.fields["delivery_country"]
        delivery_country_field.choices = [("", "–"), *COUNTRIES.items()]
    if not opens:
        form.fields.pop("school")
