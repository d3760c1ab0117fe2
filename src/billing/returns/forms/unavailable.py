"""The form that says what of an order can't be had any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.fulfilment.forms.shop import PastDayForm
from billing.orders.models import OrderLine
from billing.returns.actions.confirm_unavailable import UnavailableItem
from billing.returns.queries.unavailable import substitutes
from contracts.templatetags.ui import money_text


class UnavailableForm(PastDayForm):
    """Which line, how many, since which day that is certain, and what is proposed instead."""

    line = forms.TypedChoiceField(label=gettext_lazy("What can’t be delivered"), coerce=int)
    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, initial=1)
    substitute = forms.ChoiceField(
        label=gettext_lazy("Proposed instead"),
        required=False,
        help_text=gettext_lazy(
            "Only with the client’s express agreement. It never costs them more; if it costs less, the "
            "difference is paid back."
        ),
    )

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        """Offer the lines that wait to leave, and what may stand in for them."""
        super().__init__(*args, **kwargs)
        self.lines = {line.position: line for line in lines}
        line_field: Any = self.fields["line"]
        line_field.choices = [(line.position, _line(line)) for line in lines]
        self.fields["on"].label = _("Certain since")
        substitute_field: Any = self.fields["substitute"]
        substitute_field.choices = [("", _("Nothing: pay it back")), *self._stand_ins()]
        if len(self.lines) == 1:
            self.fields["quantity"].initial = next(iter(self.lines.values())).to_ship
        self.order_fields(["line", "quantity", "on"])

    def _stand_ins(self) -> list[tuple[str, str]]:
        found = {}
        for line in self.lines.values():
            for key, (product, cents) in substitutes(line, on=self.today).items():
                text = _("%(product)s, %(price)s excluding VAT")
                found[str(key)] = text % {
                    "product": product.name((get_language() or "fr")[:2]),
                    "price": money_text(cents, line.order.currency),
                }
        return list(found.items())

    def clean(self) -> dict[str, Any]:
        """Refuse more than still waits to leave."""
        data = dict(super().clean() or {})
        line = self.lines.get(data.get("line", 0))
        if line is not None and (data.get("quantity") or 0) > line.to_ship:
            self.add_error("quantity", _("Only %(left)d of it wait to leave.") % {"left": line.to_ship})
        return data

    def missing(self) -> UnavailableItem:
        """Return what is missing."""
        data = self.cleaned_data
        return UnavailableItem(
            data["line"],
            data["quantity"],
            data["on"],
            UUID(data["substitute"]) if data["substitute"] else None,
        )


def _line(line: OrderLine) -> str:
    return f"{line.to_ship} × {line.description}"
