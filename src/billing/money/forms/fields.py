"""Fields for money and days, as the locale writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.money.policy.money import LARGEST_CENTS, BadAmount, parse_amount
from billing.money.policy.possible_days import is_possible
from contracts.forms import ReadableLines

BELOW_ZERO = _("The amount can’t be negative.")


def written(cents: int) -> str:
    """Return an amount as a person would type it: "1 200,50"."""
    return format_decimal(cents / 100, locale=(get_language() or "fr").replace("-", "_"), format="#,##0.00")


class MoneyField(forms.CharField):
    """An amount of money; cleaned to cents."""

    def __init__(self, *, negative: bool = False, moves: bool = False, **options: Any) -> None:
        """Accept an amount below zero only when asked to; refuse zero where something must move."""
        self.negative = negative
        self.moves = moves
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "class": "short", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Return the cents of what was typed, None when nothing was."""
        text = str(value or "").strip().rstrip("€").strip()
        if not text:
            return None
        try:
            cents = parse_amount(text)
        except BadAmount:
            raise forms.ValidationError(_("Write an amount such as 1200.00.")) from None
        if abs(cents) > LARGEST_CENTS:
            raise forms.ValidationError(_("This amount isn’t possible here."))
        if cents < 0 and not self.negative:
            raise forms.ValidationError(BELOW_ZERO)
        if self.moves and not cents:
            raise forms.ValidationError(_("Write an amount above zero."))
        return cents

    def validate(self, value: Any) -> None:
        """Ask for an amount when one is needed."""
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Skip the validators of text."""

    def prepare_value(self, value: Any) -> Any:
        """Return cents as they are written; leave what was typed as it was."""
        return written(value) if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day of this century."""

    def to_python(self, value: Any) -> date | None:
        """Return the day that was typed, None when none was."""
        day = super().to_python(value)
        if day is not None and not is_possible(day):
            raise forms.ValidationError(_("Write a day from 2000 to 2099."))
        return day


def day_field(label: Any, **options: Any) -> DayField:
    """Return a field for a day, drawn by the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class DayForm(ReadableLines, forms.Form):
    """A day that has come."""

    on = day_field(_("On"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Begin with today."""
        self.today = today
        super().__init__(*args, **{"initial": {"on": today}, **kwargs})

    def clean_on(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class ReasonForm(ReadableLines, forms.Form):
    """A reason, in a sentence."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
