"""The forms of a plan: how many of each thing, how it is paid, the terms unticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.catalogue.policy.methods import CHEQUE
from billing.money.labels import METHODS
from billing.subscriptions.queries.plans import Planned
from billing.subscriptions.queries.renewals import RenewedOption


class PlanForm(forms.Form):
    """How many of each thing of a plan."""

    def __init__(self, *args: Any, plan: Sequence[Planned], language: str, **kwargs: Any) -> None:
        """Offer what can be changed, as it is from the next term on."""
        super().__init__(*args, **kwargs)
        self.plan = plan
        for each in plan:
            self.fields[each.counted.key] = forms.IntegerField(
                label=each.product.name(language),
                min_value=0 if each.is_option else 1,
                max_value=1_000_000,
                initial=each.counted.next,
                help_text=_("%(now)d now") % {"now": each.counted.now},
            )

    def wanted(self) -> dict[str, int]:
        """Return how many are wanted, by key."""
        return {each.counted.key: self.cleaned_data[each.counted.key] for each in self.plan}


class AgreeForm(forms.Form):
    """How it is paid, and the terms of sale; the box is unticked."""

    method = forms.ChoiceField(label=pgettext_lazy("how one pays", "Pay by"))
    terms = forms.BooleanField(label=gettext_lazy("I have read the terms of sale and accept them"))

    def __init__(self, *args: Any, methods: Sequence[str], cheque_fee: str = "", **kwargs: Any) -> None:
        """Offer these ways to pay; a cheque says its fee, VAT included (LG-S6.2)."""
        super().__init__(*args, **kwargs)
        method_field: Any = self.fields["method"]
        method_field.choices = [(each, METHODS[each]) for each in methods]
        if cheque_fee:
            words = _("%(method)s, with a fee of %(fee)s incl. VAT for its processing")
            told = {CHEQUE: words % {"method": METHODS[CHEQUE], "fee": cheque_fee}}
            method_field.choices = [(each, told.get(each, METHODS[each])) for each in methods]


class AskAgainForm(forms.Form):
    """How many go on, and with which of the options."""

    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=1_000_000)

    def __init__(self, *args: Any, options: Sequence[RenewedOption], language: str, **kwargs: Any) -> None:
        """Offer to leave out each option."""
        super().__init__(*args, **kwargs)
        self.options = options
        for each in options:
            self.fields[each.product.key] = forms.BooleanField(
                label=each.product.name(language),
                required=False,
                initial=True,
                help_text=_("%(count)d as before") % {"count": each.quantity},
            )

    def without(self) -> set[UUID]:
        """Return the products of the options that are left out."""
        return {each.product.pk for each in self.options if not self.cleaned_data[each.product.key]}


class AgainForm(AskAgainForm, AgreeForm):
    """How many go on, paid how, by which terms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the terms last."""
        super().__init__(*args, **kwargs)
        self.order_fields(["quantity", *(each.product.key for each in self.options), "method", "terms"])
