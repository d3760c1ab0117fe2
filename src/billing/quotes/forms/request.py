"""What a visitor who asks for a quote types in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.customers.forms.capacity import CapacityFields
from billing.customers.forms.postcode import keep_postcode
from billing.money.labels import METHODS
from billing.money.policy.numbers import BadNumber, checked_siren, checked_siret
from billing.quotes.actions.request_quote import QuoteRequestData
from contracts.forms import Trap

CLIENTS = (
    ("public_body", _("a commune, a state school, another public body")),
    ("professional", _("an association, a company, a private school, a practice")),
)
OFFERED = ("transfer", "cheque", "card")
SIRET_LENGTH = 14


class QuoteRequestForm(Trap, CapacityFields):
    """Who asks, for what, for how many."""

    offer = forms.ChoiceField(label=_("Which offer?"))
    adults = forms.IntegerField(
        label=_("Teachers and other staff"),
        min_value=0,
        max_value=100_000,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    children = forms.IntegerField(
        label=_("Pupils or children"),
        min_value=0,
        max_value=1_000_000,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    method = forms.ChoiceField(
        label=_("How would you like to pay?"), choices=[(each, METHODS[each]) for each in OFFERED]
    )
    organisation = forms.CharField(label=_("Your school or organisation"), max_length=200)
    customer_type = forms.ChoiceField(
        label=_("It is"), choices=CLIENTS, widget=forms.RadioSelect(attrs={"class": "boxed"})
    )
    siret = forms.CharField(
        label=_("SIRET or SIREN"),
        required=False,
        max_length=20,
        help_text=_("If you have it at hand; your invoice will bear it."),
    )
    street = forms.CharField(label=_("Address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20)
    city = forms.CharField(label=_("Town"), max_length=100)
    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)
    job_title = forms.CharField(
        label=_("In which capacity"), max_length=120, help_text=_("For example: headteacher, mayor, bursar.")
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The quote comes here."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    message = forms.CharField(
        label=_("Something we should know?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    terms = forms.BooleanField(
        label=_("I have read the terms of use and accept them"),
        error_messages={"required": _("Tick this box to go on: nothing is accepted for you.")},
    )

    def __init__(self, *args: Any, offers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer what can be asked for."""
        super().__init__(*args, **kwargs)
        offer_field: Any = self.fields["offer"]
        offer_field.choices = offers

    def clean_siret(self) -> str:
        """Refuse a number whose key is wrong."""
        text = "".join(self.cleaned_data["siret"].split())
        try:
            return checked_siret(text) if len(text) == SIRET_LENGTH else text and checked_siren(text)
        except BadNumber:
            raise forms.ValidationError(
                _("This number isn’t valid: fourteen digits for a SIRET, nine for a SIREN.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Ask for at least one person, and a postcode of France."""
        data = dict(super().clean() or {}) | {"country": "FR"}
        keep_postcode(self, data)
        if not (data.get("adults") or data.get("children")) and not {"adults", "children"} & set(self.errors):
            self.add_error("children", _("Say for how many people."))
        return data

    def asked(self, language: str) -> QuoteRequestData:
        """Return what was typed."""
        same = (
            "organisation",
            "customer_type",
            "first_name",
            "last_name",
            "job_title",
            "email",
            "phone",
            "street",
            "postcode",
            "city",
            "siret",
            "offer",
            "method",
            "message",
        )
        data = self.cleaned_data
        return QuoteRequestData(
            users=data["adults"] + data["children"],
            language=language,
            **{name: data[name] for name in same},
            **self.capacity_kept(data["customer_type"]),
        )
