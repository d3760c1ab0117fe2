"""The `date` filter of every template, with the first of a month as French writes it."""

from typing import Any

from django import template
from django.template import defaultfilters

from contracts.labels import with_first

register = template.Library()


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date(value: Any, style: str | None = None) -> str:
    """Return what Django's own filter does; the first of a month is "1er" in French."""
    return with_first(str(defaultfilters.date(value, style)))
