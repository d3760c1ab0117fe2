"""What forms of every room have in common."""

from contracts.forms.lines import PartOfForm, ReadableLines, TellsChanges, Trap, check_readable, sign_words
from contracts.forms.searched import (
    SearchedCheckboxes,
    SearchedChoice,
    SearchedChoices,
    SearchedWords,
    Searches,
    in_words,
)

__all__ = [
    "PartOfForm",
    "ReadableLines",
    "SearchedCheckboxes",
    "SearchedChoice",
    "SearchedChoices",
    "SearchedWords",
    "Searches",
    "TellsChanges",
    "Trap",
    "check_readable",
    "in_words",
    "sign_words",
]
