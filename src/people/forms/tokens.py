"""The form of access tokens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines
from people.policy.tokens import LASTS


class TokenForm(ReadableLines, forms.Form):
    """What a token is for, and how long it lasts."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("The program that will use it.")
    )
    days = forms.TypedChoiceField(label=_("How long it lasts"), coerce=int, initial=LASTS[1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the few lengths there are."""
        super().__init__(*args, **kwargs)
        days_field: Any = self.fields["days"]
        days_field.choices = [(n, _("%(n)d days") % {"n": n}) for n in LASTS]
