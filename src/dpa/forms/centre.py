"""What is filled in on the pages of the privacy centre."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contracts.forms import TellsChanges
from dpa.labels import CATEGORIES
from dpa.queries.pages import CategoryRetention


class RetentionForm(TellsChanges, forms.Form):
    """Days for each category; an empty field means what was promised."""

    corrects = True

    def __init__(self, *args: Any, kept: list[CategoryRetention], promised_days: int, **kwargs: Any) -> None:
        """Make a field per category."""
        super().__init__(*args, **kwargs)
        for one in kept:
            self.fields[one.category] = forms.IntegerField(
                label=str(CATEGORIES[one.category]),
                required=False,
                min_value=1,
                max_value=promised_days,
                initial=one.rule.days if one.rule else None,
                help_text=_rows(one.rows),
                error_messages={
                    "max_value": _("The contract promises %(limit_value)s days at most: choose less."),
                    "min_value": _("At least one day."),
                },
            )


class AfterEndForm(TellsChanges, forms.Form):
    """For how many days all of it is kept after the end; an empty field means what was promised."""

    days = forms.IntegerField(label=_("Days kept after the end of the contract"), required=False, min_value=1)

    def __init__(self, *args: Any, promised_days: int, **kwargs: Any) -> None:
        """Refuse more than was promised."""
        super().__init__(*args, **kwargs)
        self.promised_days = promised_days

    def clean_days(self) -> int | None:
        """Return the days. Raises ValidationError."""
        days: int | None = self.cleaned_data["days"]
        if days is not None and days > self.promised_days:
            words = _("The contract promises %(limit_value)s days at most: choose less.")
            raise forms.ValidationError(words, params={"limit_value": self.promised_days})
        return days


def _rows(count: int) -> str:
    return ngettext("%(count)d line is held.", "%(count)d lines are held.", count) % {"count": count}


class RefusalForm(forms.Form):
    """Why a wish to be deleted is refused."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads it. They can complain to the data protection authority."),
    )
