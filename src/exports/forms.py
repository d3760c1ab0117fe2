"""What a person fills in to have an export."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import SearchedWords, Searches
from exports.queries import Offer


class AskForm(Searches, forms.Form):
    """What to export: one choice of one kind."""

    what = SearchedWords(label=_("What to export"))

    def __init__(self, *args: Any, offers: list[Offer], **kwargs: Any) -> None:
        """Offer what may be asked for, kind by kind."""
        super().__init__(*args, **kwargs)
        what_field: Any = self.fields["what"]
        what_field.choices = [
            (
                offer.builder.label,
                [(f"{offer.builder.kind}:{subject or ''}", words) for subject, words in offer.choices],
            )
            for offer in offers
        ]

    def wanted(self) -> tuple[str, UUID | None]:
        """Return the kind and the subject chosen."""
        kind, _colon, subject = self.cleaned_data["what"].partition(":")
        return kind, UUID(subject) if subject else None
