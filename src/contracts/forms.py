"""What forms of every room ask of a line of text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contracts.labels import LOST_LETTER, UNREADABLE
from contracts.policy.readable import Sign, unreadable_signs


def sign_words(sign: Sign) -> str:
    """Return which character doesn't belong, where it stands, and what to do."""
    text = LOST_LETTER if sign.is_lost else UNREADABLE
    return str(text) % {"place": sign.place, "code": sign.code}


def check_readable(text: str) -> None:
    """Refuse a line that holds a character nobody can read. Raises ValidationError."""
    for sign in unreadable_signs(str(text)):
        raise ValidationError(sign_words(sign), code="unreadable")


@dataclass(frozen=True, slots=True)
class PartOfForm:
    """Some fields of a form, where a page shows others of its own between them."""

    form: forms.BaseForm
    names: Collection[str]
    is_first: bool = False  # what is wrong with the form as a whole is said once, on top


class ReadableLines(forms.BaseForm):
    """A form whose lines of text, names and titles, hold only what can be read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Judge each field of one line; texts of several lines, addresses and passwords are judged
        elsewhere.
        """
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and type(field.widget) is forms.TextInput:
                field.validators = [*field.validators, check_readable]
