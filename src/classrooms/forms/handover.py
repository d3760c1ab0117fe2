"""Who takes over what a teacher leaves behind."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from classrooms.actions.hand_over import hand_over
from classrooms.forms.school import PEOPLE, teachers
from classrooms.models import Group, SchoolClass
from classrooms.queries.handover import left_without_teacher
from contracts.forms import SearchedChoice, Searches, in_words
from people.models import Person
from people.requests import PersonRequest

ALL = "successor"
Places = Sequence[SchoolClass | Group]


class SuccessorForm(Searches, forms.Form):
    """A successor for all that is left behind, or for each class and group; nobody has to be named.

    Who may not change classes reads what is left behind, and is asked nothing.
    """

    def __init__(self, *args: Any, left: Places, leaving: Person, may_choose: bool, **kwargs: Any):
        self.left = left
        self.leaving = leaving
        candidates = teachers().exclude(pk=leaving.pk)
        self.base_fields = {  # type: ignore[misc]  # this form's own, before its lists are wired
            name: SearchedChoice(
                candidates,
                search=in_words(*PEOPLE),
                label=label,
                required=False,
                empty_label=_("Nobody yet"),
            )
            for name, label in (_questions(left) if may_choose else {}).items()
        }
        super().__init__(*args, **kwargs)

    @property
    def intro(self) -> str:
        """Return what is left without a teacher."""
        names = ", ".join(place.name for place in self.left)
        return _("Left without a teacher from today on: %(names)s.") % {"names": names}

    @property
    def successors(self) -> dict[UUID, Person]:
        """Return who was chosen for each class and group: for it, or else for all."""
        chosen = self.cleaned_data
        found = {place.pk: chosen.get(_name(place)) or chosen.get(ALL) for place in self.left}
        return {pk: person for pk, person in found.items() if person is not None}


def _name(place: SchoolClass | Group) -> str:
    return f"{ALL}-{place.pk}"


def _questions(left: Places) -> dict[str, str]:
    """Return what is asked: about all of them, and where there are several about each."""
    several = {_name(place): place.name for place in left} if len(left) > 1 else {}
    return {ALL: _("Who takes them all over") if several else _("Who takes it over")} | several


def successor_form(request: PersonRequest, person: Person) -> SuccessorForm | None:
    """Return what is asked when an account is closed, None where nothing is left without a teacher."""
    left = left_without_teacher(person.pk, today=request.today) if request.tenant else []
    if not left:
        return None
    return SuccessorForm(
        request.POST if request.method == "POST" else None,
        find=request.GET,
        left=left,
        leaving=person,
        may_choose="classes.write" in request.permissions,
    )


def name_successors(form: SuccessorForm, *, by: Person, now: datetime, today: date) -> None:
    """Hand over what was chosen to be."""
    hand_over(person=form.leaving, successors=form.successors, by=by, now=now, today=today)
