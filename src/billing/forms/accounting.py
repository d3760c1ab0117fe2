"""The form of a period."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms.fields import day_field


class PeriodForm(forms.Form):
    """From a day to another, both included."""

    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = dict(super().clean() or {})
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if isinstance(starts_on, date) and isinstance(ends_on, date) and ends_on < starts_on:
            self.add_error("ends_on", _("It ends before it begins."))
        return data
