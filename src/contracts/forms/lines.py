"""What forms of every room ask of a line of text."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

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


class Trap(forms.Form):
    """A form with a field nobody sees: only a machine fills it in."""

    website = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_machine(self) -> bool:
        """Return whether the field nobody sees was filled in."""
        return bool(self.data.get("website"))


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


class TellsChanges(forms.BaseForm):
    """A form that corrects what stands: who sends it after somebody else's change is told what changed.

    It carries a digest of each value as it was when it was drawn. What it starts from (`instance`, or
    `initial`) must be given when it is sent, too. Sent again after it was told, what was typed stands.
    """

    SEEN = "seen"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the field of what was seen, where something stands."""
        super().__init__(*args, **kwargs)
        if self.corrects:
            self.fields[self.SEEN] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self._stands_now, max_length=20_000
            )

    @property
    def corrects(self) -> bool:
        """Return whether something stands that this form changes: what is new has nothing to be told of."""
        instance = getattr(self, "instance", None)
        return bool(self.initial) if instance is None else not instance._state.adding

    def clean(self) -> Any:
        """Refuse what was typed without knowing what stands now."""
        cleaned: Any = super().clean()
        said = _said(self.cleaned_data.pop(self.SEEN, ""))
        stands = self._stands()
        changed = [
            name
            for name, digest in said.items()
            if name in stands and stands[name] not in (digest, _digest(self.cleaned_data.get(name)))
        ]
        if changed:
            sent: Any = cast(Any, self.data).copy()
            sent[self.add_prefix(self.SEEN)] = self._stands_now()
            self.data = sent
            for name in changed:
                self.add_error(
                    name,
                    _("Somebody changed this meanwhile. It is now: %(value)s") % {"value": self._shown(name)},
                )
            text = _(
                "Somebody changed this while you were at it: look at what stands now, then send it again to "
                "keep what you typed."
            )
            self.add_error(None, text)
        return cleaned

    def _stands(self) -> dict[str, str]:
        """Return a digest of each value as it stands."""
        names = (name for name in self.fields if name != self.SEEN)
        return {name: _digest(self.get_initial_for_field(self.fields[name], name)) for name in names}

    def _stands_now(self) -> str:
        return json.dumps(self._stands(), separators=(",", ":"))

    def _shown(self, name: str) -> str:
        """Return the value of a field as it stands, in the words of its choices."""
        field = self.fields[name]
        value = self.get_initial_for_field(field, name)
        keys = {str(key) for key in _keys(value)}
        choices: Any = getattr(field, "choices", None)
        if choices is None:
            return str(field.prepare_value(value) if value not in (None, "") else "–")
        return ", ".join(str(label) for key, label in choices if str(key) in keys and str(key)) or "–"


def _said(text: str) -> dict[str, str]:
    """Return what a form said it saw; nothing where nobody can read it."""
    try:
        said = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(digest) for name, digest in said.items()} if isinstance(said, dict) else {}


def _keys(value: Any) -> Iterable[Any]:
    """Return what a value holds: one thing, or each of several; a row by its key."""
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes | dict)
    return [each.pk if isinstance(each, Model) else each for each in (value if several else [value])]


def _digest(value: Any) -> str:
    """Return a short name for a value: one for nothing in whatever form, one for several in any order."""
    keys = sorted(str(key) for key in _keys(value) if key not in (None, ""))
    return sha256("\n".join(keys).encode()).hexdigest()[:16]
