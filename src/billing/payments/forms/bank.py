"""The forms of money by hand, of slips and of the bank's files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.money.forms.fields import MoneyField, day_field
from billing.payments.models import CsvMapping
from billing.payments.policy.bank import FIELDS
from contracts.forms import ReadableLines, TellsChanges
from contracts.policy.redaction import is_iban

TITLES = {
    "booked_on": (_("Title of the column of the day"), "Date"),
    "amount": (_("Title of the column of the amount"), ""),
    "credit": (_("Title of the column of what came in"), "Crédit"),
    "debit": (_("Title of the column of what left"), "Débit"),
    "currency": (_("Title of the column of the currency"), ""),
    "text": (_("Title of the column of the words"), "Libellé"),
    "name": (_("Title of the column of the payer’s name"), ""),
    "reference": (_("Title of the column of the bank’s reference"), ""),
}

DAYS = [
    ("%d/%m/%Y", "31/12/2026"),
    ("%Y-%m-%d", "2026-12-31"),
    ("%d/%m/%y", "31/12/26"),
    ("%d.%m.%Y", "31.12.2026"),
    ("%d.%m.%y", "31.12.26"),
    ("%y-%m-%d", "26-12-31"),
    ("%d-%m-%Y", "31-12-2026"),
    ("%d-%m-%Y %H:%M:%S", "31-12-2026 23:59:59"),
    ("%d/%m/%Y %H:%M:%S", "31/12/2026 23:59:59"),
    ("%Y-%m-%d %H:%M:%S", "2026-12-31 23:59:59"),
]


class RefundForm(ReadableLines, forms.Form):
    """Money to give back."""

    amount = MoneyField(label=_("Amount to give back"), moves=True)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReleaseForm(ReadableLines, forms.Form):
    """Why a share is taken away from an invoice."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class StatementForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(
        label=_("File of the bank"), help_text=_("CAMT.053 (XML), version 02 or 08, or CSV.")
    )
    mapping = forms.ModelChoiceField(
        CsvMapping.objects.none(),
        label=_("Columns of the CSV"),
        required=False,
        help_text=_("For a CSV only; the choice of columns is kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the mappings that were kept."""
        super().__init__(*args, **kwargs)
        mapping_field: Any = self.fields["mapping"]
        mapping_field.queryset = CsvMapping.objects.all()


class MappingForm(TellsChanges, ReadableLines, forms.Form):
    """Which column of a bank's CSV is what."""

    title = forms.CharField(
        label=_("Name of the mapping"), max_length=80, help_text=_("The bank’s, for example.")
    )
    delimiter = forms.ChoiceField(
        label=_("Columns are parted by"), choices=[(";", ";"), (",", ","), ("\t", _("tab")), ("|", "|")]
    )
    day_format = forms.ChoiceField(label=_("How days are written"), choices=DAYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the title of each column."""
        super().__init__(*args, **kwargs)
        for field in FIELDS:
            label, usual = TITLES[field]
            needed = field in {"booked_on", "text"}
            self.fields[field] = forms.CharField(label=label, max_length=80, required=needed, initial=usual)

        self.fields["iban"] = forms.CharField(
            label=_("IBAN of the account"),
            max_length=42,
            required=False,
            help_text=_(
                "Only a fingerprint of it and its last four signs are kept: a line that came in another "
                "file of this account is known again."
            ),
        )

    def clean_iban(self) -> str:
        """Refuse what is no IBAN."""
        plain = "".join(str(self.cleaned_data["iban"]).split()).upper()
        if plain and not is_iban(plain):
            raise forms.ValidationError(_("This is no IBAN."))
        return plain

    def clean(self) -> dict[str, Any]:
        """Ask for one way of saying amounts."""
        data = dict(super().clean() or {})
        if not data.get("amount") and not data.get("credit"):
            self.add_error(
                "amount", _("Name the column of the amount, or those of what came in and what left.")
            )
        return data

    @property
    def columns(self) -> dict[str, str]:
        """Return the titles by field."""
        return {field: self.cleaned_data[field] for field in FIELDS if self.cleaned_data.get(field)}


class AccountDayForm(forms.Form):
    """The day an account is looked at."""

    on = day_field(_("As it stood on"), required=False)

    def day(self, today: date) -> date:
        """Return the day asked for, today when none was."""
        if self.is_valid() and self.cleaned_data["on"]:
            found: date = self.cleaned_data["on"]
            return found
        return today
