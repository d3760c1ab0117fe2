"""What a controller fills in of the annexes of its agreement on data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines, TellsChanges
from dpa.labels import ANNEX_FIELDS, CATEGORIES, LEGAL_BASES

_A = ANNEX_FIELDS["a"]
_B = ANNEX_FIELDS["b"]
_OFFICER = _("Give the name and the e-mail address, or say that none is designated.")


class ContactsForm(TellsChanges, ReadableLines, forms.Form):
    """Annex A: who the controller is, who speaks for it, its data protection officer."""

    controller = forms.CharField(max_length=200)
    address = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False)
    representative = forms.CharField(max_length=200, required=False)
    email = forms.EmailField(required=False)
    phone = forms.CharField(max_length=40, required=False)
    officer = forms.CharField(max_length=200, required=False)
    officer_email = forms.EmailField(required=False)
    without_officer = forms.BooleanField(
        required=False,
        help_text=_("A public body always has one, its own or a shared one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Call the fields what the annex calls them."""
        super().__init__(*args, **kwargs)
        for name, label in _A.items():
            self.fields[name].label = str(label)

    def clean_without_officer(self) -> bool:
        """Return whether there is none. Raises ValidationError where one is named all the same."""
        without: bool = self.cleaned_data["without_officer"]
        if without and (self.cleaned_data.get("officer") or self.cleaned_data.get("officer_email")):
            raise forms.ValidationError(_OFFICER)
        return without


class PurposesForm(TellsChanges, ReadableLines, forms.Form):
    """Annex B: what each category is for, and what allows it."""

    corrects = True

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        """Make the two fields of each category."""
        super().__init__(*args, **kwargs)
        self.categories = categories
        for category in categories:
            title = CATEGORIES[category]
            self.fields[f"{category}_purpose"] = forms.CharField(
                label=f"{title} · {_B['purpose']}",
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{category}_legal_basis"] = forms.ChoiceField(
                label=f"{title} · {_B['legal_basis']}",
                choices=[("", "–"), *LEGAL_BASES.items()],
                required=False,
            )

    @property
    def said(self) -> dict[str, dict[str, str]]:
        """Return what was filled in, by category."""
        return {
            category: {name: self.cleaned_data[f"{category}_{name}"] for name in ("purpose", "legal_basis")}
            for category in self.categories
        }
