"""The forms of the shop: parcels and returns."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.money.forms.fields import day_field
from contracts.forms import ReadableLines


class ShipForm(ReadableLines, forms.Form):
    """Who carries the parcel."""

    carrier = forms.CharField(label=_("Carrier"), max_length=80)
    tracking = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    reason = forms.CharField(
        label=_("Why today, if it was planned for another day"),
        max_length=200,
        required=False,
        help_text=_("The buyer reads it."),
    )


class PastDayForm(ReadableLines, forms.Form):
    """A day that has come."""

    on = day_field(_("On"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Start from today."""
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return on
