"""The forms of a plan: how many of each thing, how it is paid, the terms unticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.queries.plans import Planned
from billing.templatetags.billing import METHODS

METHOD_WORDS = METHODS | {"sepa_debit": gettext_lazy("SEPA direct debit")}


class PlanForm(forms.Form):
    """How many of each thing of a plan."""

    def __init__(self, *args: Any, plan: Sequence[Planned], language: str, **kwargs: Any) -> None:
        """Offer what can be changed, as it is from the next term on."""
        super().__init__(*args, **kwargs)
        self.plan = plan
        for each in plan:
            self.fields[each.counted.key] = forms.IntegerField(
                label=each.product.name(language), min_value=0 if each.is_option else 1, max_value=1_000_000,
                initial=each.counted.next, help_text=_("%(now)d now") % {"now": each.counted.now},
            )  # fmt: skip

    def wanted(self) -> dict[str, int]:
        """Return how many are wanted, by key."""
        return {each.counted.key: self.cleaned_data[each.counted.key] for each in self.plan}


class AgreeForm(forms.Form):
    """How it is paid, and the terms of sale; the box is unticked."""

    method = forms.ChoiceField(label=pgettext_lazy("how one pays", "Pay by"))
    terms = forms.BooleanField(label=gettext_lazy("I have read the terms of sale and accept them"))

    def __init__(self, *args: Any, methods: Sequence[str], **kwargs: Any) -> None:
        """Offer these ways to pay."""
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(each, METHOD_WORDS[each]) for each in methods]  # type: ignore[attr-defined]


class AgainForm(AgreeForm):
    """How many go on."""

    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=1_000_000)
    field_order = ("quantity", "method", "terms")


class AskAgainForm(forms.Form):
    """How many a quote is asked for."""

    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=1_000_000)
