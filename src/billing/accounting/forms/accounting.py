"""The form of a period."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.money.forms.fields import day_field
from contracts.labels import day_text


class PeriodForm(forms.Form):
    """From a day to another, both included."""

    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = dict(super().clean() or {})
        starts_on = data.get("starts_on")
        ends_on = data.get("ends_on")
        if isinstance(starts_on, date) and isinstance(ends_on, date) and ends_on < starts_on:
            self.add_error("ends_on", _("It ends before it begins."))
        return data


class DayAskedForm(forms.Form):
    """The day at whose end something is counted."""

    on = day_field(_("As it stands when this day ends"))


class CloseForm(forms.Form):
    """Until which month the accounts are closed."""

    ends_on = forms.TypedChoiceField(
        label=_("Close until the end of"),
        coerce=date.fromisoformat,
        help_text=_("Every month before it that is still open is closed with it."),
    )

    def __init__(self, *args: Any, ends: list[date], **kwargs: Any) -> None:
        """Offer the months that are over, by the first day after each."""
        super().__init__(*args, **kwargs)
        ends_on_field: Any = self.fields["ends_on"]
        ends_on_field.choices = [(str(end), day_text(end - timedelta(days=1), "F Y")) for end in ends]
