"""The forms of payments, invoices and orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import open_invoices
from billing.money.forms.fields import DayForm, MoneyField, day_field
from billing.money.labels import METHODS
from contracts.forms import ReadableLines
from contracts.templatetags.ui import money_text


class InvoiceChoice(forms.ModelChoiceField[Invoice]):
    """An invoice by its number and customer, with what is left of it."""

    def label_from_instance(self, invoice: Any) -> str:
        """Return "FA-2026-000012 · École des Tilleuls · 1 281,84 €"."""
        left = money_text(invoice.balance_cents, invoice.currency)
        return f"{invoice.number} · {invoice.customer.name} · {left}"


class ReceiveForm(ReadableLines, forms.Form):
    """A payment that came in."""

    invoice = InvoiceChoice(open_invoices().none(), label=_("Invoice"))
    method = forms.ChoiceField(
        label=_("Method"), choices=[(each, METHODS[each]) for each in ("cheque", "transfer")]
    )
    amount = MoneyField(label=_("Amount received"), moves=True)
    received_on = day_field(_("Received on"))
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        required=False,
        help_text=_("The cheque’s number or the transfer’s label; never an account or card number."),
    )
    credited_on = day_field(_("Transfer credited on"), required=False)
    proof_document = forms.CharField(
        label=_("Written proof of the transfer"),
        max_length=200,
        required=False,
        help_text=_("Its reference: it counts before the funds are there. A cheque has no such proof."),
    )
    proposed = forms.CharField(required=False, widget=forms.HiddenInput)  # the amount that was filled in
    keep_surplus = forms.BooleanField(label=_("Keep what is too much as the client’s credit"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer the invoices with something left to pay."""
        self.today = today
        super().__init__(*args, **kwargs)
        invoice_field: Any = self.fields["invoice"]
        invoice_field.queryset = Invoice.objects.invoices().select_related("customer")
        invoice_field.widget.choices = CallableChoiceIterator(self._invoices)
        invoice_field.widget.attrs |= {
            "hx-get": reverse("billing:payment_new"),
            "hx-trigger": "change",
            "hx-include": "#id_amount, #id_proposed",
            "hx-target": "#id_amount",
            "hx-select": "#id_amount",
            "hx-select-oob": "#id_proposed,#id_method",
            "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
        }

    def _invoices(self) -> Iterator[tuple[Any, str]]:
        """Yield the invoices with something left to pay, and the one that was chosen before it was paid."""
        yield "", "---------"
        rows = open_invoices().select_related("customer").order_by("number")
        label = self.fields["invoice"].label_from_instance  # type: ignore[attr-defined]
        found = {row.pk: label(row) for row in rows}
        chosen = getattr(self, "cleaned_data", {}).get("invoice")
        yield from found.items()
        if chosen is not None and chosen.pk not in found:
            yield chosen.pk, f"{chosen.number} · {chosen.customer.name}"

    def clean_received_on(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_credited_on(self) -> date | None:
        """Refuse a day to come, and one before it was received."""
        day: date | None = self.cleaned_data["credited_on"]
        received_on = self.cleaned_data.get("received_on")
        if day and day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        if day and received_on and day < received_on:
            raise forms.ValidationError(_("It can’t be credited before it was received."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask a transfer for its credit or its proof; a cheque is credited later."""
        data = dict(super().clean() or {})
        shown = data.get("credited_on") or data.get("proof_document") or "credited_on" in self.errors
        if data.get("method") == "transfer" and not shown:
            self.add_error("credited_on", _("Say when it was credited, or name the written proof."))
        if data.get("method") == "cheque" and (data.get("credited_on") or data.get("proof_document")):
            self.add_error("credited_on", _("A cheque is received first, and credited in a second step."))
        return data


class BounceForm(DayForm):
    """A payment the bank refused."""

    reason = forms.CharField(label=_("Reason given by the bank"), max_length=200)
