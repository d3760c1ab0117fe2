"""Fields that several forms of privacy share: a moment, a day, a text of several lines."""

from typing import Any

from django import forms

MOMENT = "%Y-%m-%dT%H:%M"
DAY = "%Y-%m-%d"


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """Return a field for an instant, in the time of who fills it in."""
    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT], **more)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(format=DAY, attrs={"type": "date"}), **more)


def text_field(label: Any, *, length: int = 4000, rows: int = 4, **more: Any) -> forms.CharField:
    """Return a field for a text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, widget=widget, **more)
