"""Forms of results."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from classrooms.forms.school import named
from classrooms.models import Student
from contracts.forms import ReadableLines, SearchedChoice, Searches, in_words
from learning.models import Activity
from learning.queries import activities_open


class ResultForm(Searches, ReadableLines, forms.Form):
    """A result, of an activity there is or of a new one."""

    student = SearchedChoice(Student.objects.none(), search=named, label=_("Pupil"))
    activity = SearchedChoice(
        Activity.objects.none(), search=in_words("name"), label=_("Activity"), required=False
    )
    new_activity = forms.CharField(label=_("or a new activity"), max_length=150, required=False)
    score = forms.IntegerField(label=_("Score out of 100"), min_value=0, max_value=100)
    done_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, students: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        student_field: Any = self.fields["student"]
        student_field.queryset = students
        student_field.label_from_instance = lambda student: student.full_name
        activity_field: Any = self.fields["activity"]
        activity_field.queryset = activities_open()

    def clean_done_on(self) -> Any:
        """Refuse a day that is still to come."""
        if self.cleaned_data["done_on"] > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["done_on"]

    def clean(self) -> dict[str, Any]:
        """Ask for an activity, old or new."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("activity") and not (cleaned.get("new_activity") or "").strip():
            self.add_error("activity", _("Choose an activity or name a new one."))
        return cleaned


def at_noon(day: Any) -> Any:
    """Return the middle of a day where the school is: the hour of a result entered by hand isn't known."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
