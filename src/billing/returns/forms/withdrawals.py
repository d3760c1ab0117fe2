"""The forms of a withdrawal: what a client keeps no more, and how we heard of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.fulfilment.forms.shop import PastDayForm
from billing.returns.actions.withdraw import WithdrawalNotice
from billing.returns.models import Withdrawal
from billing.returns.queries.withdrawals import Choice


class WithdrawForm(forms.Form):
    """What is withdrawn from, line by line; no reason is asked."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only if you want to tell it: none is needed."),
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], asks_capacity: bool, **kwargs: Any) -> None:
        """Offer what can still be withdrawn from; ask who was never asked what makes them a consumer
        here.
        """
        super().__init__(*args, **kwargs)
        self.choices = list(choices)
        rows: dict[str, forms.Field] = {
            name(choice): _field(choice, len(self.choices)) for choice in self.choices
        }
        if asks_capacity:
            rows["employees"] = forms.IntegerField(label=_("How many employees you have"), min_value=0)
            rows["outside_main_activity"] = forms.BooleanField(
                label=_("This purchase is outside our main activity"), required=False
            )
        self.fields = rows | self.fields

    def clean(self) -> dict[str, Any]:
        """Ask for one thing at least."""
        data = dict(super().clean() or {})
        if not self.errors and not any(self.taken(data).values()):
            raise forms.ValidationError(_("Say what you withdraw from."))
        return data

    def taken(self, data: dict[str, Any]) -> dict[int, int]:
        """Return how many of each line are withdrawn from, by position."""
        return {
            choice.line.position: choice.kept
            if data.get(name(choice)) is True
            else int(data.get(name(choice)) or 0)
            for choice in self.choices
        }

    def notice(self, *, how: str, received_on: date) -> WithdrawalNotice:
        """Return what the client says."""
        data = self.cleaned_data
        return WithdrawalNotice(
            self.taken(data),
            how,
            received_on,
            data["reason"],
            data.get("employees"),
            bool(data.get("outside_main_activity")),
        )


class RecordWithdrawalForm(WithdrawForm, PastDayForm):
    """A notice that came on paper, by e-mail or in other words: the day it was given counts."""

    how = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[row for row in Withdrawal.Channel.choices if row[0] != Withdrawal.Channel.BUTTON],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the day before everything else."""
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Given on")
        self.fields["on"].help_text = _("The day the client sent it, not the day it arrived.")
        self.fields["reason"].help_text = ""
        self.order_fields(["on", "how"])


class GoodsSentForm(PastDayForm):
    """The proof that goods are on their way back."""

    proof = forms.CharField(
        label=gettext_lazy("What proves it"),
        max_length=200,
        help_text=gettext_lazy("The carrier’s receipt, a tracking number."),
    )


def name(choice: Choice) -> str:
    """Return what the field of a line is called."""
    return f"line_{choice.line.position}"


def _field(choice: Choice, count: int) -> forms.Field:
    product = choice.line.product
    if choice.kept == 1 or (product is not None and product.profile):
        return forms.BooleanField(label=choice.line.description, required=False, initial=count == 1)
    return forms.IntegerField(
        label=choice.line.description,
        min_value=0,
        max_value=choice.kept,
        required=False,
        initial=choice.kept if count == 1 else 0,
        help_text=_("How many of %(kept)d you send back.") % {"kept": choice.kept},
    )
