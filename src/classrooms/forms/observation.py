"""The form of an observation."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from classrooms.forms.school import DAY, named
from classrooms.models import Competency, Observation, ObservationCompetency, Student
from classrooms.policy.changes import Written
from classrooms.queries.changes import latest_of
from contracts.forms import SearchedCheckboxes, SearchedChoices, Searches, TellsChanges


class ManyFiles(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos at once."""

    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return each file, checked as a file; whether it is a photo is seen when it is read."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(file, initial) for file in files if file]


class ObservationForm(Searches, TellsChanges, forms.Form):
    """What was seen, of whom, what it shows, with photos; as it was last written, shared or not."""

    draft = forms.UUIDField(widget=forms.HiddenInput)
    students = SearchedChoices(
        Student.objects.none(),
        search=named,
        label=_("Pupils"),
        required=False,
        widget=SearchedCheckboxes(attrs={"class": "boxed"}),
    )
    text = forms.CharField(
        label=_("What you saw"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Write for the child’s family: what the child did, in plain words."),
    )
    observed_on = forms.DateField(label=_("Day"), widget=DAY)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, 15 MB at most each. Place and camera are removed. Every family of the pupils "
            "chosen sees them."
        ),
    )

    def __init__(
        self,
        *args: Any,
        students: Any,
        competencies: Iterable[Competency],
        chosen: Collection[UUID] = (),
        initial: Any = None,
        tells_changes: bool = False,
        **kwargs: Any,
    ):
        self.tells_changes = tells_changes
        super().__init__(*args, initial={"students": [*chosen]} | (initial or {}), **kwargs)
        offered = set(students.filter(pk__in=chosen).values_list("pk", flat=True))
        self.kept = [pk for pk in chosen if pk not in offered]
        students_field: Any = self.fields["students"]
        students_field.queryset = students
        students_field.label_from_instance = lambda student: student.full_name
        self.competencies = list(competencies)
        levels = [("", "–"), *ObservationCompetency.Level.choices]
        for item in self.competencies:
            self.fields[f"level-{item.pk}"] = forms.ChoiceField(
                label=item.name, choices=levels, required=False
            )

    @property
    def corrects(self) -> bool:
        """Return whether others may change it too: a draft is its author's alone, and saves itself."""
        return self.tells_changes

    @property
    def shows_levels(self) -> bool:
        """Return whether something of competencies was written."""
        return any(self[f"level-{one.pk}"].value() for one in self.competencies)

    def elsewhere(self) -> int:
        """Return how many pupils it is about who are not the author's any more: they stay, unnamed."""
        return Student.objects.filter(pk__in=self.kept).count()

    def by_domain(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the competencies' fields by domain."""
        domains: dict[str, list[Any]] = {}
        for item in self.competencies:
            domains.setdefault(item.domain, []).append(self[f"level-{item.pk}"])
        yield from domains.items()

    def written(self) -> Written:
        """Return what the author wrote."""
        levels = {c.pk: self.cleaned_data[f"level-{c.pk}"] for c in self.competencies}
        return Written(
            text=self.cleaned_data["text"],
            observed_on=self.cleaned_data["observed_on"],
            student_ids=[*(student.pk for student in self.cleaned_data["students"]), *self.kept],
            levels={pk: level for pk, level in levels.items() if level},
        )


def initial_of(observation: Observation) -> dict[str, Any]:
    """Return what the form starts with for an observation that is there: what was last written of it."""
    written = latest_of(observation)
    found: dict[str, Any] = {
        "draft": observation.pk,
        "students": list(written.student_ids),
        "text": written.text,
        "observed_on": written.observed_on,
    }
    return found | {f"level-{pk}": level for pk, level in written.levels.items()}
