"""The forms of what happens to an issued document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.invoicing.models import InvoiceLine
from billing.invoicing.policy.channels import PAID, RECEIVED, REFUSED
from billing.money.forms.fields import MoneyField
from contracts.forms import ReadableLines
from contracts.templatetags.ui import money_text

ANSWERS = [
    (RECEIVED, gettext_lazy("received")),
    (REFUSED, gettext_lazy("refused")),
    (PAID, gettext_lazy("paid")),
]


class CreditForm(ReadableLines, forms.Form):
    """How much of each line goes back, excluding VAT, and why; an empty field means nothing of that line."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, printed on the credit note"),
        max_length=200,
        help_text=gettext_lazy("In the client’s language."),
    )

    since = forms.ChoiceField(
        label=gettext_lazy("Since when less is owed"),
        choices=[
            (
                "start",
                gettext_lazy("from the start: what goes back was never owed (error, return, cancellation)"),
            ),
            ("today", gettext_lazy("from today: a reduction granted now")),
        ],
        initial="start",
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "No interest is due on what was never owed; claims that asked it are corrected."
        ),
    )

    def __init__(
        self,
        left: Iterable[tuple[InvoiceLine, int]],
        *args: Any,
        here: Mapping[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask an amount for each line of which something is left.

        Of things that are `here` still, by position, also how many leave no more.
        """
        super().__init__(*args, **kwargs)
        self.here = here or {}
        self.left = [(line, cents) for line, cents in left if cents]
        for line, cents in self.left:
            self.fields[f"line_{line.position}"] = MoneyField(
                label=line.description,
                required=False,
                help_text=_("Excluding VAT, discounts deducted; %(left)s is left.")
                % {"left": money_text(cents, line.invoice.currency)},
            )
            if count := self.here.get(line.position):
                self.fields[f"stays_{line.position}"] = forms.IntegerField(
                    label=_("%(what)s: how many leave no more") % {"what": line.description},
                    required=False,
                    min_value=0,
                    max_value=count,
                    help_text=_(
                        "%(count)d wait here. All stay where the line is credited in full; left empty, the "
                        "price is lower and all of them leave."
                    )
                    % {"count": count},
                )

    def clean(self) -> dict[str, Any]:
        """Return what was typed; things stay here only with what is credited for them."""
        data = super().clean() or {}
        for position in self.here:
            if data.get(f"stays_{position}") and not data.get(f"line_{position}"):
                self.add_error(f"line_{position}", _("Say how much is credited for what stays here."))
        return data

    @property
    def stays(self) -> dict[int, int]:
        """Return by line position how many things leave no more."""
        found = ((position, self.cleaned_data.get(f"stays_{position}")) for position in self.here)
        return {position: count for position, count in found if count}

    @property
    def amounts(self) -> dict[int, int]:
        """Return the amounts by line position."""
        found = (
            (line.position, self.cleaned_data.get(f"line_{line.position}")) for line, _cents in self.left
        )
        return {position: cents for position, cents in found if cents}


class AnswerForm(ReadableLines, forms.Form):
    """What the platform said of a document."""

    state = forms.ChoiceField(label=gettext_lazy("What it says"), choices=ANSWERS)
    reason = forms.CharField(label=gettext_lazy("Reason, when it refused"), max_length=500, required=False)
