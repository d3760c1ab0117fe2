"""Forms of what comes back: the claim, the goods received, how it ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.catalogue.models import Product
from billing.fulfilment.forms.shop import PastDayForm
from billing.money.forms.fields import MoneyField, day_field
from billing.orders.models import Order
from billing.returns.actions.open_warranty_claim import WarrantyClaimInput
from billing.returns.labels import BECAUSE, CHOICES, GROUNDS, REFUSALS, REMEDIES
from billing.returns.policy.warranty import CHOSEN_BY_CLIENT, Outcomes
from billing.returns.policy.warranty import REMEDIES as ENDS
from contracts.forms import ReadableLines


class ReceivedForm(PastDayForm):
    """Goods that came back."""

    is_complete = forms.BooleanField(label=_("The goods are complete"), required=False)


class ClaimForm(ReadableLines, forms.Form):
    """What the client says of a thing that comes back."""

    product = forms.ModelChoiceField(Product.objects.none(), label=_("Product"), empty_label=None)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    ground = forms.ChoiceField(label=_("On which ground"), choices=list(GROUNDS.items()))
    problem = forms.CharField(label=_("What is wrong"), widget=forms.Textarea(attrs={"rows": 3}))
    claimed_on = day_field(_("Claimed on"))
    discovered_on = day_field(_("Discovered on"), required=False, help_text=_("For a hidden defect."))
    proof = forms.CharField(
        label=_("What proves it"), max_length=200, required=False, help_text=_("For a hidden defect.")
    )
    requested_remedy = forms.ChoiceField(
        label=_("What the client chooses"),
        required=False,
        choices=[("", _("nothing said")), *CHOICES.items()],
        help_text=_("A consumer’s choice binds: repair or replacement, sale undone or price reduced."),
    )
    warranty_until = day_field(
        _("Contractual warranty until"),
        required=False,
        help_text=_("As the invoice says, where the quote doesn’t."),
    )
    quote_excludes_defects = forms.BooleanField(label=_("The quote excludes hidden defects"), required=False)
    same_trade = forms.BooleanField(label=_("The buyer is of the same trade"), required=False)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        """Offer the things of this order."""
        super().__init__(*args, **kwargs)
        self.is_protected = order.is_consumer_protected
        product: Any = self.fields["product"]
        product.queryset = Product.objects.filter(
            pk__in=order.lines.filter(product__kind="goods").values("product")
        )
        product.label_from_instance = lambda each: each.name("fr")

    def clean(self) -> dict[str, Any]:
        """Ask when a hidden defect was found."""
        data = dict(super().clean() or {})
        if data.get("ground") == "hidden_defect" and not data.get("discovered_on"):
            self.add_error("discovered_on", _("Say when it was discovered: its two years count from there."))
        self._check_choice(data)
        return data

    def _check_choice(self, data: dict[str, Any]) -> None:
        """Ask a consumer which of the two ends of their guarantee they choose."""
        ground = data.get("ground", "")
        chooses = self.is_protected and ground in CHOSEN_BY_CLIENT
        if chooses and data.get("requested_remedy") not in ENDS["consumer", ground]:
            self.add_error("requested_remedy", _("The law lets the client choose: write what they chose."))

    def said(self) -> WarrantyClaimInput:
        """Return what the client said."""
        data = dict(self.cleaned_data)
        return WarrantyClaimInput(product_id=data.pop("product").pk, **data)


class SettleForm(ReadableLines, forms.Form):
    """How a return ends: one of its ends, or a listed exclusion."""

    outcome = forms.ChoiceField(label=_("It ends in"))
    reduced_by = MoneyField(
        label=_("Price reduced by, excl. VAT"),
        required=False,
        help_text=_("Only where the price is reduced."),
    )
    back_on_shelf = forms.BooleanField(label=_("The goods go back on the shelf"), required=False)
    because = forms.ChoiceField(
        label=_("Why not what the client chose"),
        required=False,
        choices=[("", _("it is what they chose")), *BECAUSE.items()],
        help_text=_("Explain it in the words for the client."),
    )
    words = forms.CharField(
        label=_("Words for the client"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, choices: Outcomes, **kwargs: Any) -> None:
        """Offer the ends and the refusals that what came back leaves."""
        super().__init__(*args, **kwargs)
        groups = [
            (_("Ends"), [(each, REMEDIES[each]) for each in choices.ends]),
            (_("Refused because"), [(f"no:{key}", REFUSALS[key]) for key in choices.refusals]),
        ]
        outcome: Any = self.fields["outcome"]
        outcome.choices = [group for group in groups if group[1]]
        if "price_reduced" not in choices.ends:
            del self.fields["reduced_by"]
        if not choices.is_chosen:
            del self.fields["because"]

    def clean(self) -> dict[str, Any]:
        """Ask by how much a price is reduced."""
        data = dict(super().clean() or {})
        if data.get("outcome") == "price_reduced" and not data.get("reduced_by"):
            self.add_error("reduced_by", _("Say by how much."))
        return data

    def decided(self) -> dict[str, Any]:
        """Return what was decided, as the action takes it."""
        data = self.cleaned_data
        outcome = self.cleaned_data["outcome"]
        refusal = outcome.removeprefix("no:") if outcome.startswith("no:") else ""
        return {
            "remedy": "" if refusal else outcome,
            "refusal": refusal,
            "words": data["words"],
            "because": data.get("because", ""),
            "reduced_by_cents": data.get("reduced_by"),
            "back_on_shelf": data["back_on_shelf"],
        }
