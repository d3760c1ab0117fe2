"""The form that ends a trial."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.labels import day_text

AT_END = "end"

NOW = "now"


class EndTrialForm(forms.Form):
    """When access stops: at the trial's end, or now."""

    when = forms.ChoiceField(
        label=gettext_lazy("When does access stop?"),
        widget=forms.RadioSelect(attrs={"class": "boxed"}),
        choices=(),
        initial=AT_END,
    )

    def __init__(self, *args: Any, ends_on: date, **kwargs: Any) -> None:
        """Name the trial's end in the choice."""
        super().__init__(*args, **kwargs)
        at_end = _("At the trial’s end, on %(day)s") % {"day": day_text(ends_on)}
        when_field: Any = self.fields["when"]
        when_field.choices = [(AT_END, at_end), (NOW, _("Now"))]
