"""The forms of customers and their contacts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.fr import siren as french_siren
from stdnum.fr import tva as french_vat

from billing.models import Contact
from tenants.models import Customer


class CustomerForm(forms.ModelForm):
    """Who contracts and pays."""

    siren = forms.CharField(label="SIREN", max_length=20, required=False)

    class Meta:
        model = Customer
        fields = (
            "name", "client", "email", "signatory", "street", "postcode", "city", "country", "subdivision", "siren",
            "vat_number", "language",
        )  # fmt: skip
        help_texts = {"subdivision": _("Only where it has its own holidays or VAT: 57, 6AE, 971 to 976.")}

    def clean_siren(self) -> str:
        """Refuse a SIREN whose key is wrong."""
        text = "".join(self.cleaned_data["siren"].split())
        try:
            return french_siren.validate(text) if text else ""
        except BadNumber:
            raise forms.ValidationError(
                _("This SIREN isn’t valid: nine digits, the last one being their key.")
            ) from None

    def clean_vat_number(self) -> str:
        """Refuse a French VAT number whose key is wrong."""
        text = "".join(self.cleaned_data["vat_number"].split()).upper()
        if text.startswith("FR") and not french_vat.is_valid(text):
            raise forms.ValidationError(_("This VAT number isn’t valid."))
        return text

    def clean_country(self) -> str:
        """Return the country's code in capitals."""
        return str(self.cleaned_data["country"]).upper()


class ContactForm(forms.ModelForm):
    """Who signs for the customer."""

    class Meta:
        model = Contact
        fields = ("first_name", "last_name", "email", "capacity", "language")
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "email": _("E-mail address"),
            "capacity": _("Capacity"),
            "language": _("Language"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages there are."""
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[("fr", "Français"), ("en", "English")]
        )


class KnockForm(forms.Form):
    """The buyer's address, to be sent a link."""

    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
