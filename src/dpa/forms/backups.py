"""What is written down of a restore drill."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dpa.forms.fields import day_field, text_field


class DrillForm(forms.Form):
    """Which backup was brought back, when, and what came of it."""

    backup = forms.ChoiceField(label=_("Which backup"))
    done_on = day_field(_("Done on"))
    worked = forms.ChoiceField(
        label=_("Did it come back whole?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        widget=forms.RadioSelect,
    )
    tenants = forms.IntegerField(label=_("Spaces that came back"), min_value=0)
    erased_again = forms.IntegerField(
        label=_("Erasures done again"),
        min_value=0,
        help_text=_("“restore” says both numbers when it has ended."),
    )
    notes = text_field(
        _("What was found"),
        length=2000,
        rows=3,
        required=False,
        help_text=_("How long it took, what to mend. Name nobody."),
    )

    def __init__(self, *args: Any, names: list[str], today: date, **kwargs: Any) -> None:
        """Offer the backups that stand."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["backup"]
        field.choices = [(name, name) for name in names]
        self.today = today

    def clean_done_on(self) -> date:
        """Return the day. Raises ValidationError."""
        day: date = self.cleaned_data["done_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day
