"""The forms of customers and their contacts."""

from __future__ import annotations

from typing import Any
from unicodedata import combining, normalize

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.eu.vat import MEMBER_STATES

from billing.customers.forms.postcode import keep_postcode
from billing.customers.models import Contact
from billing.customers.policy.completeness import FRENCH, is_service_code, needs_siren
from billing.money.policy.numbers import BadNumber, checked_siren, checked_siret, checked_vat_number
from contracts.forms import ReadableLines, TellsChanges
from contracts.gateways.holidays import UnknownCalendar, public_holidays
from tenants.models import Customer

SIRET_LENGTH = 14

VAT_COUNTRIES = frozenset(state.upper() for state in MEMBER_STATES) - {"XI"} | {"MC"} | FRENCH

NO_COUNTRY = frozenset(
    {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
)  # regions and placeholders of the same shape


def countries() -> list[tuple[str, str]]:
    """Return the countries by their ISO code, named in the reader's language, ours first."""
    locale = Locale.parse((get_language() or "fr").replace("-", "_"))
    named = {
        code: name for code, name in locale.territories.items() if len(code) == 2 and code not in NO_COUNTRY
    }
    rest = sorted(named.items(), key=lambda row: sort_key(row[1]))
    return [("FR", named["FR"]), *((code, name) for code, name in rest if code != "FR")]


def sort_key(name: str) -> str:
    """Return a name as people look for it: without accents, without capitals."""
    return "".join(each for each in normalize("NFKD", name) if not combining(each)).casefold()


class CountryField(forms.ChoiceField):
    """A country, by its ISO code whatever its case."""

    def to_python(self, value: Any) -> str:
        """Return the code in capitals."""
        return str(super().to_python(value)).strip().upper()


class CustomerForm(TellsChanges, ReadableLines, forms.ModelForm[Customer]):
    """Who contracts and pays; a French professional or public body has a SIREN, a consumer none."""

    siren = forms.CharField(
        label=_("SIREN or SIRET"),
        max_length=20,
        required=False,
        help_text=_("Asked of French professionals and public bodies: their invoices must bear it."),
    )
    country = CountryField(label=_("Country"), choices=countries, initial="FR")
    job_title = forms.CharField(
        label=_("In which capacity"),
        max_length=120,
        required=False,
        help_text=_("For example: headteacher, mayor, bursar."),
    )

    class Meta:
        model = Customer
        fields = (
            "name",
            "customer_type",
            "vat_number",
            "service_code",
            "signatory",
            "job_title",
            "email",
            "street",
            "postcode",
            "city",
            "country",
            "subdivision",
            "language",
        )
        help_texts = {
            "service_code": _("Of a public body that asks for it on its invoices (Chorus Pro)."),
            "subdivision": _("Only where it has its own holidays or VAT: 57, 6AE, 971 to 976."),
            "signatory": _(
                "This person becomes a contact: quotes go to the e-mail address below, and they can sign."
            ),
        }

    field_order: tuple[str, ...] = (
        "name",
        "customer_type",
        "siren",
        "vat_number",
        "service_code",
        *Meta.fields,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the longer of the two numbers."""
        known = kwargs.get("instance")
        first = {"siren": known.siret or known.siren} if known else {}
        super().__init__(*args, **{**kwargs, "initial": first | (kwargs.get("initial") or {})})

    def clean_siren(self) -> str:
        """Refuse a SIREN or SIRET whose key is wrong."""
        text = "".join(self.cleaned_data["siren"].split())
        try:
            return checked_siret(text) if len(text) == SIRET_LENGTH else text and checked_siren(text)
        except BadNumber:
            raise forms.ValidationError(
                _(
                    "This number isn’t valid: nine digits for a SIREN, fourteen for a SIRET, the last one "
                    "being their key."
                )
            ) from None

    def clean_service_code(self) -> str:
        """Refuse a code that no electronic address can hold: its invoices would not arrive."""
        text = str(self.cleaned_data["service_code"]).strip()
        if text and not is_service_code(text):
            raise forms.ValidationError(
                _("A service code has letters without accents, digits, + - _ and . only, as in Chorus Pro.")
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind of client and the country need; refuse a region without a calendar."""
        data = dict(super().clean() or {})
        kind = data.get("customer_type", "")
        country = data.get("country", "")
        typed = data.get("siren", "")
        if "siren" not in self.errors:
            self._check_siren(typed, kind, country)
        if country and "subdivision" not in self.errors:
            self._check_region(country, data.get("subdivision", ""))
        if data.get("vat_number"):
            data["vat_number"] = self._vat_number(data["vat_number"], country)
        keep_postcode(self, data)
        return data

    def _check_siren(self, typed: str, kind: str, country: str) -> None:
        if typed and country not in FRENCH:
            self.add_error(
                "siren", _("Only French clients have a SIREN: leave it empty, write the VAT number instead.")
            )
        elif needs_siren(kind=kind, country=country) and not typed:
            self.add_error(
                "siren", _("A French professional or public body has a SIREN: its invoices must bear it.")
            )
        elif kind == "public_body" and country in FRENCH and len(typed) != SIRET_LENGTH:
            self.add_error("siren", _("A public body’s invoices go by its SIRET: write its fourteen digits."))

    def _vat_number(self, text: str, country: str) -> str:
        if country not in VAT_COUNTRIES:
            return text
        try:
            return checked_vat_number(text, country="FR" if country in FRENCH else country)
        except BadNumber:
            self.add_error("vat_number", _("This VAT number isn’t valid."))
            return text

    def _check_region(self, country: str, subdivision: str) -> None:
        try:
            public_holidays(country, subdivision or None, (2026,))
        except UnknownCalendar:
            field = "subdivision" if subdivision else "country"
            self.add_error(
                field, _("We know no calendar of public holidays for it: its deadlines can’t be counted.")
            )

    def save(self, commit: bool = True) -> Customer:
        """Return the customer with its SIREN, and its SIRET where that was typed."""
        typed = self.cleaned_data["siren"]
        self.instance.siren = typed[:9]
        self.instance.siret = typed if len(typed) == SIRET_LENGTH else ""
        customer: Customer = super().save(commit=commit)
        return customer


class ContactForm(ReadableLines, forms.ModelForm[Contact]):
    """Who signs for the customer."""

    class Meta:
        model = Contact
        fields = ("first_name", "last_name", "email", "job_title", "language")
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "email": _("E-mail address"),
            "job_title": _("Capacity"),
            "language": _("Language"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages there are."""
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[("fr", "Français"), ("en", "English")]
        )


class SignInLinkForm(forms.Form):
    """The buyer's address, to be sent a link."""

    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
