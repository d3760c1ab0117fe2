"""The form by which a receivable is given up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import WriteOff
from billing.money.forms.fields import DayForm, MoneyField


class WriteOffForm(DayForm):
    """How much is given up, on which day, and why."""

    amount = MoneyField(label=_("Amount, VAT included"), moves=True)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "---------"), *WriteOff.Reason.choices])
    words = forms.CharField(
        label=_("What shows it"),
        max_length=300,
        help_text=_("A certificate, a judgment, letters that came back: the tax office asks for it."),
    )
    is_final = forms.BooleanField(
        label=_("The loss is final and the duplicate was sent: VAT that fell due comes back"),
        required=False,
    )
    field_order = ("amount", "on", "reason", "words", "is_final")

    def __init__(self, *args: Any, today: date, rest_cents: int, has_vat: bool, **kwargs: Any) -> None:
        """Begin with all that is left, today; without VAT there is none to bring back."""
        initial = {"on": today, "amount": rest_cents}
        if args and args[0] is not None and not args[0].get("amount"):
            args = ({**args[0].dict(), "amount": str(rest_cents / 100)}, *args[1:])
        super().__init__(*args, today=today, initial=initial, **kwargs)
        if not has_vat:
            del self.fields["is_final"]

    @property
    def reason_words(self) -> str:
        """Return the reason that was chosen, in words."""
        return str(WriteOff.Reason(self.cleaned_data["reason"]).label)
