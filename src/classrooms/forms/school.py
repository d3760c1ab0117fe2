"""Forms about pupils, classes, groups, guardians and imports."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from classrooms.models import GuardianInformation, SchoolClass, Student
from classrooms.models.ordering import by_name
from classrooms.policy.declaration import OF_A_PARENT, text_in
from contracts.forms import ReadableLines, SearchedChoice, SearchedChoices, Searches, TellsChanges, in_words
from people.models import Person

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
PEOPLE = ("last_name", "first_name")
MAX_FILE_BYTES = 10 * 1024 * 1024


def teachers() -> Any:
    """Return the people who can teach: whoever isn't a pupil nor only a guardian."""
    return Person.objects.active().filter(kind=Person.Kind.STAFF).order_by(*by_name())


def named(students: Any, words: str) -> Any:
    """Return the pupils whose names hold each of these words."""
    return students.named(words)


class UploadForm(forms.Form):
    """The files of an import."""

    pupils = forms.FileField(
        label=_("Pupils’ file"),
        help_text=_(
            "The CSV that ONDE exports: pupils, their class and level. Columns may come in any order."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    guardians = forms.FileField(
        label=_("Guardians’ file"),
        required=False,
        help_text=_("Only e-mail addresses and which child they look after are kept."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse files no school's export would be."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("pupils", "guardians"):
            if (file := cleaned.get(name)) and file.size > MAX_FILE_BYTES:
                self.add_error(
                    name, _("This file is larger than 10 MB: it can’t be the export of one school.")
                )
        return cleaned


class StudentForm(Searches, TellsChanges, ReadableLines, forms.ModelForm[Student]):
    """A pupil, with the fields the annex allows."""

    school_class = SearchedChoice(
        SchoolClass.objects.none(), search=in_words("name"), label=_("Class"), required=False
    )

    class Meta:
        model = Student
        fields = ["last_name", "preferred_last_name", "first_name", "birth_on", "level", "handedness"]
        widgets = {"birth_on": DAY}
        help_texts = {"preferred_last_name": _("Only if people call them by another last name.")}

    def __init__(
        self,
        *args: Any,
        allowed: frozenset[str],
        today: date,
        classes: Any,
        in_circle: bool = False,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("level", "handedness"):
            if name not in allowed:
                del self.fields[name]
        field: Any = self.fields["school_class"]
        field.queryset = classes
        field.required = in_circle  # a pupil in no class, or in another's, would be out of sight at once
        if self.instance.created_at:
            now_in = self.instance.enrolments.filter(ends_on=None).first()
            field.initial = now_in.school_class_id if now_in else None

    def clean_birth_on(self) -> Any:
        """Refuse a day that is still to come."""
        birth_on = self.cleaned_data["birth_on"]
        if birth_on > self.today:
            raise forms.ValidationError(_("This date is still to come."))
        return birth_on

    @property
    def written(self) -> dict[str, Any]:
        """Return the pupil's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "school_class"}


class ChildForm(StudentForm):
    """A child of a household, with the fields the annex allows."""

    def __init__(self, *args: Any, allowed: frozenset[str], today: date, **kwargs: Any):
        super().__init__(*args, allowed=allowed, today=today, classes=SchoolClass.objects.none(), **kwargs)
        del self.fields["school_class"]


class ClassForm(Searches, TellsChanges, ReadableLines, forms.Form):
    """A class and its teachers."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("As families know it: “CE1 – Classe de Mme Aubry”.")
    )
    level = forms.CharField(
        label=_("Level"),
        max_length=20,
        required=False,
        help_text=_("PS, MS, GS, CP, CE1… Several levels: CE1-CE2."),
    )
    teachers = SearchedChoices(
        Person.objects.none(), search=in_words(*PEOPLE), label=_("Teachers"), required=False
    )

    def __init__(self, *args: Any, school_class: SchoolClass | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.school_class = school_class
        teachers_field: Any = self.fields["teachers"]
        teachers_field.queryset = teachers()

    def clean_name(self) -> str:
        """Refuse the name of another class of the year."""
        name: str = self.cleaned_data["name"]
        rows = SchoolClass.objects.filter(name__iexact=name)
        if self.school_class is not None:
            rows = rows.filter(year_id=self.school_class.year_id).exclude(pk=self.school_class.pk)
        if rows.exists():
            raise forms.ValidationError(_("Another class has this name."))
        return name


class GroupForm(Searches, TellsChanges, ReadableLines, forms.Form):
    """A group, its pupils and teachers."""

    name = forms.CharField(label=_("Name"), max_length=100)
    teachers = SearchedChoices(
        Person.objects.none(), search=in_words(*PEOPLE), label=_("Teachers"), required=False
    )
    students = SearchedChoices(Student.objects.none(), search=named, label=_("Pupils"), required=False)

    def __init__(self, *args: Any, seen: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        teachers_field: Any = self.fields["teachers"]
        teachers_field.queryset = teachers()
        students_field: Any = self.fields["students"]
        students_field.queryset = seen.active().by_name()


class GuardianForm(forms.Form):
    """A guardian's address: nothing else is asked."""

    email = forms.EmailField(
        label=_("Guardian’s e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class NoticeForm(forms.Form):
    """That guardians were informed."""

    informed_on = forms.DateField(label=_("Informed on"), widget=DAY)
    how = forms.ChoiceField(
        label=_("How"),
        choices=GuardianInformation.Channel.choices,
        widget=forms.RadioSelect(attrs={"class": "boxed"}),
    )
    covers = forms.MultipleChoiceField(
        label=_("They were told"),
        choices=[
            ("purpose", _("what the service is for")),
            ("access", _("how their child signs in and what adults can see")),
            ("categories", _("which categories of data are kept")),
            ("rights", _("their rights, and whom to write to")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The first three are required before a child’s account can be opened."),
    )


class CardsForm(forms.Form):
    """The pupils to print a card for."""

    students = forms.ModelMultipleChoiceField(
        Student.objects.none(),
        label=_("Pupils"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "boxed"}),
    )

    declares = forms.BooleanField(
        help_text=_("Kept with your name and the time, for each pupil chosen."),
        error_messages={"required": _("Without this declaration no account for a minor is opened.")},
    )

    def __init__(self, *args: Any, students: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        students_field: Any = self.fields["students"]
        students_field.queryset = students
        self.fields["declares"].label = text_in(get_language() or "fr")
        students_field.label_from_instance = lambda student: student.full_name


class ChildCardForm(forms.Form):
    """A parent's word before their child's account is opened."""

    declares = forms.BooleanField(
        help_text=_("Kept with your name and the time."),
        error_messages={"required": _("Without this declaration no account for a minor is opened.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["declares"].label = text_in(get_language() or "fr", version=OF_A_PARENT)


class AnswerForm(forms.Form):
    """A guardian's answer."""

    answer = forms.CharField(
        label=_("Your answer to the teacher"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
