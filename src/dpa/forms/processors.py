"""What is filled in about sub-processors: what one is to be, who objects and why, how that ended."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines, SearchedChoice, SearchedChoices, Searches, in_words
from contracts.labels import day_text
from contracts.outgoing import outgoing
from contracts.registry import profile_names
from dpa.labels import CATEGORIES, countries
from dpa.models import ChangeObjection, ProcessorVersion
from dpa.policy.processors import NoMechanism, OtherWithoutWords, check_transfer
from tenants.models import Tenant


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


class ProcessorForm(Searches, ReadableLines, forms.Form):
    """A sub-processor as it is to be, and from when."""

    name = forms.CharField(label=_("Name"), max_length=200)
    registration = forms.CharField(
        label=_("Registration number"), max_length=60, help_text=_("SIRET, or that of its own register.")
    )
    activity = forms.CharField(label=_("What it does for us"), max_length=200)
    categories = forms.MultipleChoiceField(
        label=_("What it gets"), choices=list(CATEGORIES.items()), widget=forms.CheckboxSelectMultiple
    )
    country = forms.ChoiceField(label=_("Country of the processing"), initial="FR")
    mechanism = forms.ChoiceField(
        label=_("Transfer mechanism"),
        required=False,
        choices=[("", _("none: inside the European Economic Area")), *ProcessorVersion.Mechanism.choices],
        help_text=_("Needed where the country is outside the European Economic Area."),
    )
    mechanism_words = forms.CharField(
        label=_("Which decision, clauses or mechanism"), max_length=300, required=False
    )
    contract_on = _day(label=_("Day of its contract"))
    profiles = forms.MultipleChoiceField(
        label=_("Only for these offers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for all."),
    )
    gar = forms.ChoiceField(label=_("GAR"), choices=ProcessorVersion.Gar.choices)
    tenants = SearchedChoices(
        Tenant.objects.none(),
        search=in_words("name", "slug"),
        label=_("Only for these tenants"),
        required=False,
        help_text=_("None ticked: for all."),
    )
    gateway = forms.ChoiceField(
        label=_("Reached by"), required=False, help_text=_("Which part of the product speaks to it.")
    )
    is_demo = forms.BooleanField(
        label=_("Made up for a demonstration"),
        required=False,
        help_text=_("The public list says so."),
    )
    planned_on = _day(
        label=_("Planned for"),
        help_text=_("It starts on this day, or once nobody can object any more if that is later."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer countries, offers, tenants and doors of this installation."""
        choices = {
            "country": list(countries().items()),
            "profiles": sorted(profile_names((get_language() or "fr")[:2]).items(), key=lambda row: row[1]),
            "gateway": [("", _("none")), *((one.key, one.label) for one in outgoing() if not one.is_ours)],
        }
        super().__init__(*args, **kwargs)
        self.today = today
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        tenants: Any = self.fields["tenants"]
        tenants.queryset = Tenant.objects.exclude(state=Tenant.State.ERASED)

    def clean_planned_on(self) -> date:
        """Refuse a day that is past: a change is announced ahead."""
        planned: date = self.cleaned_data["planned_on"]
        if planned < self.today:
            raise forms.ValidationError(_("A change is announced ahead: choose today or later."))
        return planned

    def clean(self) -> dict[str, Any]:
        """Refuse a place outside of the European Economic Area without what allows it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            check_transfer(
                country=data.get("country", "FR"),
                mechanism=data.get("mechanism", ""),
                words=data.get("mechanism_words", ""),
            )
        except NoMechanism:
            words = _("Data would leave the European Economic Area: say by which mechanism.")
            self.add_error("mechanism", words)
        except OtherWithoutWords:
            self.add_error("mechanism_words", _("Say which mechanism it is."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """Return the fields of the version to come."""
        left_out = {"tenants", "planned_on"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    @property
    def limited_to(self) -> list[UUID]:
        """Return the tenants it is limited to."""
        return [tenant.pk for tenant in self.cleaned_data["tenants"]]


class ObjectionForm(forms.Form):
    """Why a tenant objects."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class LetterForm(ObjectionForm):
    """An objection that came by letter, with its day."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=_("Tenant"))
    objected_on = _day(label=_("Day of the letter"))

    field_order = ("tenant", "objected_on", "reason")

    def __init__(self, *args: Any, told: list[UUID], today: date, **kwargs: Any) -> None:
        """Offer the tenants that were told."""
        super().__init__(*args, **kwargs)
        self.today = today
        tenant: Any = self.fields["tenant"]
        tenant.queryset = Tenant.objects.filter(pk__in=told)

    def clean_objected_on(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["objected_on"]
        if day > self.today:
            raise forms.ValidationError(_("No letter came after today."))
        return day

    def say_too_late(self, last_on: date) -> None:
        """Say until when it could have come."""
        self.add_error(
            "objected_on", _("Too late: it could object until %(day)s.") % {"day": day_text(last_on)}
        )


#: What somebody may say became of an objection; that the tenant left is said by itself.
SETTLEMENTS = [
    row for row in ChangeObjection.Settlement.choices if row[0] != ChangeObjection.Settlement.ENDED
]


class SettlementForm(forms.Form):
    """What became of an objection."""

    settlement = forms.ChoiceField(choices=SETTLEMENTS)


class GarForm(Searches, forms.Form):
    """A tenant whose people come by GAR."""

    tenant = SearchedChoice(Tenant.objects.none(), search=in_words("name", "slug"), label=_("Tenant"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the tenants in life."""
        super().__init__(*args, **kwargs)
        tenant: Any = self.fields["tenant"]
        tenant.queryset = Tenant.objects.exclude(state=Tenant.State.ERASED)
