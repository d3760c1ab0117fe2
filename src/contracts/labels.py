"""Days as people write them in the language in use: the first of a month is "1er" in French."""

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy

_FIRST = re.compile(r"(?<!\d)1(?=\s(?:jan|fév|mars|avr|mai|juin|juil|août|sept|oct|nov|déc))")


def day_text(value: date | datetime, style: str = "DATE_FORMAT") -> str:
    """Return a day, or a moment, in the language in use; `style` is one of Django's format names, or its
    letters. A moment is told as it is here, late in the evening too.
    """
    return with_first(date_format(_here(value), style))


def number_text(value: int) -> str:
    """Return a whole number as people write it in the reader's language, its thousands grouped."""
    parted = f"{value:,}"
    return parted.replace(",", "\u202f") if (get_language() or "fr").startswith("fr") else parted


def _here(value: date | datetime) -> date | datetime:
    """Return a day, or a moment in the time zone in use."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def with_first(text: str) -> str:
    """Return a written day with its first of a month as French has it."""
    return _FIRST.sub("1er", text) if (get_language() or "").startswith("fr") else text


UNREADABLE = gettext_lazy(
    "Character %(place)s (%(code)s) can’t be seen, or turns the text around. Delete the word and type it "
    "again."
)

LOST_LETTER = gettext_lazy(
    "A letter was lost on the way: character %(place)s (%(code)s). Type the word again."
)
