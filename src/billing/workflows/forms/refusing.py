"""The form with which finance takes an order back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.money.forms.fields import MoneyField
from billing.orders.labels import REASONS
from billing.orders.policy.online_order import PRICE_ERROR
from billing.workflows.actions.refuse_order import Because
from contracts.forms import ReadableLines


class RefuseForm(ReadableLines, forms.Form):
    """Why, in a word for our records and in words to the client."""

    because_of = forms.ChoiceField(label=_("Reason"), choices=[])
    words = forms.CharField(
        label=_("What the client is told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read it as you write it, by mail and on the order’s page."),
    )
    right_price = MoneyField(
        label=_("Right price of the whole, excluding VAT"),
        required=False,
        help_text=_("Of a manifest price error."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons there are."""
        super().__init__(*args, **kwargs)
        because_of_field: Any = self.fields["because_of"]
        because_of_field.choices = list(REASONS.items())

    def clean(self) -> dict[str, Any]:
        """Ask for the right price where the price was wrong."""
        data = dict(super().clean() or {})
        if (
            data.get("because_of") == PRICE_ERROR
            and data.get("right_price") is None
            and not self.errors.get("right_price")
        ):
            self.add_error("right_price", _("Say what it should have cost."))
        return data

    def because(self) -> Because:
        """Return what was said."""
        data = self.cleaned_data
        permission = data["right_price"] if data["because_of"] == PRICE_ERROR else None
        return Because(data["because_of"], data["words"].strip(), permission)
