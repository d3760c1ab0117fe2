"""The words of an import's preview."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from classrooms.forms.words import file_words, refusal_words, removal_words
from classrooms.policy.csv_file import RowError
from classrooms.policy.removals import Removed
from contracts.context import in_words
from contracts.labels import day_text

register = template.Library()

PARTS = {
    "removed": _("Removed before"),
    "create": _("To create"),
    "update": _("To change"),
    "unchanged": _("Unchanged"),
    "missing": _("Not in the file"),
    "refused": _("Refused"),
}
DONE = PARTS | {
    "create": _("Created"),
    "update": _("Changed"),
    "missing": _("Not in the file, left as they were"),
    "removed": _("Removed before, left out"),
}
FIELDS = {
    "last_name": _("Last name"),
    "preferred_last_name": _("Used name"),
    "first_name": _("First name"),
    "birth_on": _("Birth date"),
    "level": _("Level"),
    "class_name": _("Class"),
    "left_on": _("Had left on"),
}


@register.simple_tag
def part_name(part: str) -> str:
    """Return what a part of the plan is called."""
    return str(PARTS[part])


@register.simple_tag
def part_done(part: str) -> str:
    """Return what a part of the plan is called once it was applied."""
    return str(DONE[part])


@register.simple_tag
def field_name(field: str) -> str:
    """Return what a field is called."""
    return str(FIELDS[field])


@register.simple_tag
def change_value(value: str | date) -> str:
    """Return a value of a change as people write it; a dash for none."""
    return day_text(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else value or "–"


@register.simple_tag
def refusal_reason(refusal: RowError) -> str:
    """Return why a row is refused and what to do."""
    return refusal_words(refusal)


@register.simple_tag
def refusal_file(refusal: RowError) -> str:
    """Return in which of the two files a row is refused."""
    return file_words(refusal)


@register.filter(name="in_words")
def column_in_words(column: str) -> str:
    """Return a column's name as this kind of place heads it."""
    return in_words(column)


@register.simple_tag
def removal_reason(removed: Removed) -> str:
    """Return when somebody was removed, and why."""
    return removal_words(removed)


@register.simple_tag
def candidates_of(doubts: Mapping[int, Any], line: int) -> Any:
    """Return the pupils a line may mean."""
    return doubts.get(line, ())
