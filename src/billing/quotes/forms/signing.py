"""The form of a quote that was signed on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.money.forms.fields import day_field
from billing.quotes.policy.signed_pdf import MAX_BYTES, NotAPdf, TooLarge, seal_of_pdf
from contracts.forms import ReadableLines
from exports.gateways.received_pdf import ActivePdf, UnreadablePdf, checked_pdf

MEGABYTE = 1024 * 1024

ACTIVE = _(
    "This PDF carries a script, a program or a file. Print it to a PDF, or scan the paper, and send that."
)


class PdfForm(ReadableLines, forms.Form):
    """One PDF, whole and not too large."""

    not_a_pdf = _("This isn’t a PDF: save the document as a PDF and try again.")

    document = forms.FileField(
        label=_("PDF"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_("All pages in one PDF, 10 MB at most. It is kept privately."),
    )

    def clean_document(self) -> bytes:
        """Return the file's content; refuse what isn't a whole PDF before reading too much of it."""
        upload = self.cleaned_data["document"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than %(most)d MB.") % {"most": MAX_BYTES // MEGABYTE}
            )
        content: bytes = upload.read()
        try:
            seal_of_pdf(content)
            return checked_pdf(content)
        except (NotAPdf, TooLarge, UnreadablePdf):
            raise forms.ValidationError(self.not_a_pdf) from None
        except ActivePdf:
            raise forms.ValidationError(ACTIVE) from None


class SignedPdfForm(PdfForm):
    """The signed PDF, and who signed it when and in which capacity."""

    not_a_pdf = _("This isn’t a PDF: scan the signed quote as a PDF and try again.")
    name = forms.CharField(label=_("Who signed"), max_length=200)
    job_title = forms.CharField(label=_("In which capacity"), max_length=120)
    signed_on = day_field(_("Signed on"), help_text=_("The day written on the paper."))

    def __init__(self, *args: Any, today: date, issued_on: date, **kwargs: Any) -> None:
        """Know between which days it can have been signed."""
        self.today = today
        self.issued_on = issued_on
        super().__init__(*args, **kwargs)
        self.fields["document"].label = _("Signed PDF")

    def clean_signed_on(self) -> date:
        """Refuse a day to come, or before the quote was written."""
        day: date = self.cleaned_data["signed_on"]
        if not self.issued_on <= day <= self.today:
            raise forms.ValidationError(_("This day is before the quote was written, or still to come."))
        return day


class BuyersSignedPdfForm(SignedPdfForm):
    """The same from the buyer, the terms unticked."""

    terms = forms.BooleanField(label=_("I have read the terms of sale and accept them"))
