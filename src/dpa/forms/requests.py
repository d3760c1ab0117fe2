"""What is filled in about people's requests: what is asked, of whom, what is answered, what is instructed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from classrooms.models import Guardian, Student
from contracts.forms import (
    ReadableLines,
    SearchedChoice,
    SearchedChoices,
    Searches,
    TellsChanges,
    Trap,
    in_words,
)
from dpa.forms.fields import day_field, moment_field, text_field
from dpa.models import Hold, ReceivedRequest
from dpa.models.requests import RIGHTS
from dpa.queries.requests import tenants_with_data
from people.models import Person
from tenants.models import Tenant


def _right() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("What is asked"), choices=list(RIGHTS.items()), widget=forms.RadioSelect)


def _sender(**more: Any) -> forms.CharField:
    return forms.CharField(label=_("Who asks"), max_length=200, **more)


class _Moment(forms.Form):
    """A form with the moment of receipt: not later than now."""

    received_at = moment_field(
        _("It came on"), help_text=_("The time to answer runs from then, whoever received it.")
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        """Keep the instant."""
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_received_at(self) -> datetime:
        """Return the moment. Raises ValidationError."""
        at: datetime = self.cleaned_data["received_at"]
        if at > self.now:
            raise forms.ValidationError(_("This moment is still to come."))
        return at


class AskForm(forms.Form):
    """What somebody asks about their own data, or their child's."""

    right = _right()
    about = forms.ChoiceField(label=_("About"), required=False, widget=forms.RadioSelect)
    words = text_field(_("In your words"), required=False, help_text=_("What exactly, and where you saw it."))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer oneself and one's children; nothing to choose where there is nobody else."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["about"]
        field.choices = choices
        field.initial = choices[0][0]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()


class RecordRequestForm(ReadableLines, _Moment):
    """A request that came to the controller by letter, at the desk, or by mail."""

    right = _right()
    sender = _sender()
    contact = forms.EmailField(
        label=_("E-mail address for the answer"),
        required=False,
        help_text=_("Empty where you answer by letter."),
    )
    words = text_field(_("What was written or said"), required=False)

    field_order = ("received_at", "right", "sender", "contact", "words")


class ReceivedForm(Searches, ReadableLines, _Moment):
    """A request that reached the operator."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[one for one in ReceivedRequest.Channel.choices if one[0] != ReceivedRequest.Channel.FORM],
    )
    tenant = SearchedChoice(
        Tenant.objects.none(),
        search=in_words("name", "slug"),
        label=_("Whose data it asks about"),
        required=False,
        help_text=_("Left open, the 48 hours run: find it, or ask the person."),
    )
    right = _right()
    sender = _sender()
    contact = forms.EmailField(label=_("E-mail address for the answer"), required=False)
    words = text_field(_("What was written or said"), required=False)

    field_order = ("received_at", "channel", "tenant", "right", "sender", "contact", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every space that holds data."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tenant"]
        field.queryset = tenants_with_data()


class PlaceForm(Searches, forms.Form):
    """Whose data a request is about."""

    tenant = SearchedChoice(
        Tenant.objects.none(), search=in_words("name", "slug"), label=_("Whose data it asks about")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every space that holds data."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tenant"]
        field.queryset = tenants_with_data()


class DropForm(forms.Form):
    """Why a request is nobody's here."""

    reason = text_field(
        _("Why there is nobody to forward it to"),
        length=1000,
        rows=2,
        help_text=_("Name nobody. What the person wrote is deleted here."),
    )


class PublicRequestForm(Trap, ReadableLines, forms.Form):
    """A person's request on the public site."""

    organisation = forms.CharField(
        label=_("Which school or organisation, or your family’s account"), max_length=200
    )
    right = _right()
    sender = forms.CharField(label=_("Your name"), max_length=200)
    contact = forms.EmailField(label=_("Your e-mail address"))
    words = text_field(_("In your words"), required=False)


class _WhoForm(Searches, forms.Form):
    """Whom something is about: pupils, people with an account, guardians without one."""

    students = SearchedChoices(
        Student.objects.none(),
        search=in_words("last_name", "first_name", "preferred_last_name"),
        label=_("Pupils"),
        required=False,
    )
    people = SearchedChoices(
        Person.objects.none(),
        search=in_words("last_name", "first_name", "email", "username"),
        label=_("People with an account"),
        required=False,
    )
    guardians = SearchedChoices(
        Guardian.objects.none(), search=in_words("email"), label=_("Guardians"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer everybody here."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["students"].queryset = Student.objects.by_name()
        fields["people"].queryset = Person.objects.exclude(kind=Person.Kind.STUDENT)
        fields["guardians"].queryset = Guardian.objects.filter(person=None).order_by("email")

    def ids(self) -> list[Any]:
        """Return the ids of those who were chosen."""
        found = []
        for name in ("students", "people", "guardians"):
            found += [one.pk for one in self.cleaned_data[name]]
        return found


class SubjectsForm(_WhoForm, TellsChanges):
    """Whom a request is about."""


class HoldForm(_WhoForm):
    """Whose data is kept beyond its period, why, until when."""

    ground = forms.ChoiceField(
        label=_("What asks for it"), choices=Hold.Ground.choices, widget=forms.RadioSelect
    )
    reason = text_field(_("Why"), length=2000, rows=2, help_text=_("Name nobody."))
    ends_on = day_field(_("Until"))

    field_order = ("ground", "reason", "ends_on", "students", "people", "guardians")


class ExtendForm(forms.Form):
    """Why an answer takes longer."""

    reason = text_field(
        _("Why it takes longer"),
        length=2000,
        rows=3,
        help_text=_("The person reads it. Two months more, once (GDPR, article 12-3)."),
    )


class AnswerForm(forms.Form):
    """The answer to a request."""

    is_granted = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("yes", _("granted")), ("no", _("refused"))],
        widget=forms.RadioSelect,
    )
    answer = text_field(
        _("Your answer"),
        rows=6,
        help_text=_("The person reads it; of a refusal, with why, and where they may complain."),
    )


class InstructionForm(forms.Form):
    """What the operator is to do."""

    text = text_field(
        _("What we are to do"),
        rows=5,
        help_text=_("Name nobody: give the number of the request. It is kept with your name and the time."),
    )


class OutcomeForm(forms.Form):
    """What became of an instruction."""

    is_lawful = forms.ChoiceField(
        label=_("What became of it"),
        choices=[("yes", _("carried out")), ("no", _("against the law, we think: not carried out"))],
        widget=forms.RadioSelect,
    )
    outcome = text_field(_("In words"), rows=4, help_text=_("The customer reads it, at once."))
