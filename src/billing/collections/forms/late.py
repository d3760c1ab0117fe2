"""Forms for late payers: more time, a notice, what the post said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.money.forms.fields import DayForm, MoneyField, day_field
from contracts.forms import ReadableLines
from exports.gateways.received_pdf import ActivePdf, UnreadablePdf, check_pdf


class ExtensionForm(ReadableLines, forms.Form):
    """A later due date, agreed in writing."""

    new_due_on = day_field(_("New due date"))
    document = forms.CharField(
        label=_("Written agreement"),
        max_length=200,
        help_text=_("The letter’s or mail’s reference and date."),
    )


class NoticeForm(DayForm):
    """A formal notice that was sent."""

    letter = forms.CharField(label=_("Number of the registered letter"), max_length=60, required=False)


class ClaimPaidForm(DayForm):
    """A transfer that paid a claim: the day of its credit, its amount."""

    amount = MoneyField(label=_("Amount received"), moves=True)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


MAX_SCAN_BYTES = 10 * 1024 * 1024


class FollowForm(forms.Form):
    """What the post said of a letter, and its scan."""

    presented_on = day_field(_("First presented on"), required=False)
    received_on = day_field(_("Received on"), required=False)
    remedied_on = day_field(_("Remedied on"), required=False)
    scan = forms.FileField(label=_("Scan of the receipt (PDF)"), required=False)

    def clean_scan(self) -> Any:
        """Take a PDF of at most 10 MB only."""
        scan = self.cleaned_data.get("scan")
        if not scan:
            return None
        if scan.size > MAX_SCAN_BYTES:
            raise forms.ValidationError(_("At most 10 MB."))
        content = scan.read()
        scan.seek(0)
        try:
            check_pdf(content)
        except UnreadablePdf:
            raise forms.ValidationError(_("Choose a PDF file.")) from None
        except ActivePdf:
            raise forms.ValidationError(
                _("This PDF carries a script, a program or a file. Scan the paper and send that.")
            ) from None
        return scan
