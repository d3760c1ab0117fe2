"""What is filled in about a breach: what happened, whom it concerns, what is decided, the drafts."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines, SearchedChoices, Searches, TellsChanges, in_words
from dpa.forms.fields import moment_field, text_field
from dpa.labels import CATEGORIES, HEADINGS
from dpa.models import BreachResponse
from dpa.models.breaches import NATURES
from tenants.models import Tenant

YES_OR_NO = [
    (BreachResponse.Decision.YES, _("yes")),
    (BreachResponse.Decision.NO, _("no")),
]


class BreachForm(TellsChanges, ReadableLines, forms.Form):
    """What is known of a breach."""

    is_drill = forms.BooleanField(
        label=_("This is a drill"),
        required=False,
        help_text=_("Counts and clocks as in earnest, marked everywhere; nobody’s family is written to."),
    )
    known_at = moment_field(_("Known since"))
    began_at = moment_field(_("Began"))
    ended_at = moment_field(_("Ended"), required=False, help_text=_("Empty while it goes on."))
    facts = text_field(_("What happened"), length=4000, help_text=_("Customers read it. Name nobody."))
    systems = text_field(_("Systems concerned"), length=1000, rows=2)
    natures = forms.MultipleChoiceField(
        label=_("Nature of the breach"), choices=list(NATURES.items()), widget=forms.CheckboxSelectMultiple
    )
    effects = text_field(_("Likely consequences"), length=4000, required=False)
    measures = text_field(_("Measures taken or proposed"), length=4000, required=False)
    contact = text_field(_("Whom customers may ask"), length=500, rows=2, required=False)

    def __init__(self, *args: Any, now: datetime, is_new: bool, **kwargs: Any) -> None:
        """Let a drill be said at the beginning only."""
        super().__init__(*args, **kwargs)
        self.now = now
        if not is_new:
            del self.fields["is_drill"]

    def clean(self) -> Any:
        """Refuse moments in an order that can't be."""
        cleaned = super().clean() or self.cleaned_data
        known, began, ended = (cleaned.get(name) for name in ("known_at", "began_at", "ended_at"))
        if known and known > self.now:
            self.add_error("known_at", _("This moment is still to come."))
        if known and began and began > known:
            self.add_error("began_at", _("It can’t begin after it was known."))
        if began and ended and ended <= began:
            self.add_error("ended_at", _("It can’t end before it begins."))
        return cleaned


class ScopeForm(Searches, TellsChanges, ReadableLines, forms.Form):
    """Whom a breach concerns, and which data."""

    tenants = SearchedChoices(
        Tenant.objects.none(),
        search=in_words("name", "slug"),
        label=_("Customers’ spaces concerned"),
        help_text=_("Who was told already stays."),
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories of data"),
        choices=list(CATEGORIES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    account = forms.CharField(
        label=_("Only what this account did meanwhile"),
        max_length=64,
        required=False,
        help_text=_("A user name. The audit trail says whom its acts between the two moments were about."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every space there is."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tenants"]
        field.queryset = Tenant.objects.exclude(state=Tenant.State.OPENING)


class CloseForm(forms.Form):
    """That a breach is dealt with."""

    not_notified = text_field(
        _("Why nobody was told, where nobody was"),
        length=4000,
        rows=3,
        required=False,
        help_text=_("It stays in the register (GDPR, article 33-5)."),
    )


class AuthorityForm(TellsChanges, forms.Form):
    """Whether the authority is notified, and why."""

    authority = forms.ChoiceField(
        label=_("Notify the authority?"), choices=YES_OR_NO, widget=forms.RadioSelect
    )
    authority_reason = text_field(
        _("Why"), length=4000, rows=3, help_text=_("No only where there is no risk for the people.")
    )


class NotifiedForm(TellsChanges, ReadableLines, forms.Form):
    """When the authority was notified."""

    notified_at = moment_field(_("Notified to the authority on"))
    receipt = forms.CharField(label=_("Number of the receipt"), max_length=100, required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        """Refuse a moment that is still to come."""
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_notified_at(self) -> datetime:
        """Return the moment. Raises ValidationError."""
        at: datetime = self.cleaned_data["notified_at"]
        if at > self.now:
            raise forms.ValidationError(_("This moment is still to come."))
        return at


class DraftForm(TellsChanges, forms.Form):
    """The draft for the authority, a field for each heading of its form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make a field per heading."""
        super().__init__(*args, **kwargs)
        for name, label in HEADINGS.items():
            self.fields[name] = text_field(label, length=4000, rows=3, required=False)


class PeopleForm(TellsChanges, forms.Form):
    """Whether the people are told, why, and in which words."""

    people = forms.ChoiceField(label=_("Tell the people?"), choices=YES_OR_NO, widget=forms.RadioSelect)
    people_reason = text_field(
        _("Why"),
        length=4000,
        rows=3,
        help_text=_("They are told where the risk for them is high (GDPR, article 34)."),
    )
    fr = text_field(_("Message in French"), length=8000, rows=18)
    en = text_field(_("Message in English"), length=8000, rows=18)
