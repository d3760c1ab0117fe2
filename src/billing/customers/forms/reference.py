"""The form of a customer's word that we may name them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.customers.gateways.logos import NotALogo, reencoded
from billing.money.forms.fields import day_field
from contracts.forms import ReadableLines


class ReferenceForm(ReadableLines, forms.Form):
    """How the customer wants to be named, since when, and who agreed."""

    name = forms.CharField(label=_("Named as"), max_length=200)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
        help_text=_(
            "PNG, JPEG or WebP, 5 MB at most; it is written anew, smaller. Without one the name alone is "
            "shown."
        ),
    )
    agreed_on = day_field(_("Agreed on"))
    word = forms.CharField(
        label=_("Agreed by"),
        max_length=200,
        help_text=_("Who agreed, in which capacity, and how: a letter, a mail."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Know until which day they can have agreed."""
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_logo(self) -> bytes | None:
        """Return the logo written anew, None where there is no new one."""
        upload = self.cleaned_data["logo"]
        if not upload:
            return None
        try:
            return reencoded(upload)
        except NotALogo:
            raise forms.ValidationError(_("Send a picture as PNG, JPEG or WebP, of 5 MB at most.")) from None

    def clean_agreed_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day
