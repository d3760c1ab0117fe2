"""The form of access tokens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines
from people.policy.tokens import AREAS, LASTS

AREA_NAMES = {
    "quotes": _("Customers, products and quotes"),
    "orders": _("Orders"),
    "invoices": _("Invoices and credit notes"),
    "payments": _("Payments"),
}


class TokenForm(ReadableLines, forms.Form):
    """What a token is for, and how long it lasts."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("The program that will use it.")
    )
    areas = forms.MultipleChoiceField(
        label=_("What the token opens"),
        choices=[(area, AREA_NAMES[area]) for area in AREAS],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "boxed"}),
        help_text=_("Never more than you may do yourself."),
    )
    may_write = forms.BooleanField(label=_("It may also write, not only read"), required=False)
    days = forms.TypedChoiceField(label=_("How long it lasts"), coerce=int, initial=LASTS[1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the few lengths there are."""
        super().__init__(*args, **kwargs)
        days_field: Any = self.fields["days"]
        days_field.choices = [(n, _("%(n)d days") % {"n": n}) for n in LASTS]
