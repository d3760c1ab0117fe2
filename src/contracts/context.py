"""Whose words are spoken where we are, and the one place where what is translated is turned into them.

A place’s words (`contracts.policy.words`) are no language: pages, dates, cookies and `get_language()` stay in
French or English, and only what `gettext` answers changes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from contracts.policy.words import SCHOOL, reword

_spoken: ContextVar[str] = ContextVar("words", default=SCHOOL)
_ASKED = {"gettext": 0, "ngettext": 0, "pgettext": 1, "npgettext": 1}  # where the message stands


@contextmanager
def speaking(words: str) -> Iterator[None]:
    """Say all that is translated in here with these words."""
    token = _spoken.set(words)
    try:
        yield
    finally:
        _spoken.reset(token)


def in_words(text: str, *, message: str = "") -> str:
    """Return a text with the words spoken here, in the language in use.

    What `gettext` answers has them already: for texts that come from elsewhere, such as a file of names.
    """
    words = _spoken.get()
    if words == SCHOOL:
        return text
    language = (translation.get_language() or "fr")[:2]
    told = reword(text, words=words, language=language, message=message)
    return mark_safe(told) if isinstance(text, SafeString) else told  # noqa: S308 - as safe as it was


def translate_in_words() -> None:
    """Have Django's translations answer in the words spoken where they are asked; once for the process."""
    answers: Any = vars(translation)["_trans"]  # what all of Django's own functions ask
    for name, place in _ASKED.items():
        told = getattr(answers, name)
        if not hasattr(told, "in_words"):
            setattr(answers, name, _worded(told, place))


def _worded(told: Callable[..., str], place: int) -> Callable[..., str]:
    @wraps(told)
    def answer(*asked: Any) -> str:
        return in_words(told(*asked), message=str(asked[place]))

    answer.in_words = True  # type: ignore[attr-defined]
    return answer
