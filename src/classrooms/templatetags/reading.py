"""What the reader of a page reads of an observation."""

from typing import Any

from django import template

from classrooms.models import Observation
from classrooms.queries.reading import Part, part_for

register = template.Library()


@register.simple_tag(takes_context=True)
def read_part(context: Any, observation: Observation) -> Part:
    """Return the part of an observation that who looks at the page may read; `read_by` found it."""
    return part_for(observation, context["request"].person.pk)


@register.simple_tag
def read_family_part(observation: Observation) -> Part:
    """Return the part of an observation that families read."""
    return part_for(observation, None)
