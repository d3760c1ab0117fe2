"""The words that aren't said in a place, as they stand in what its people read."""

import re

_EVERYWHERE = r"élèves?|pupils?|students?|ONDE|rentrées?|back to school"
_NOBODY_TEACHES = rf"{_EVERYWHERE}|enseignante?s?|teachers?|écoles?|schools?"
UNSAID = {
    "nursery": _NOBODY_TEACHES,
    "household": rf"{_NOBODY_TEACHES}|licences?",
    "practice": _NOBODY_TEACHES,
}


def unsaid(text: str, words: str) -> list[str]:
    """Return the words of a text that aren't said in a nursery, a household or a practice."""
    plain = re.sub(r"%\([^)]*\)[a-z]|\{[^{}]*\}|\S+@\S+|\bmur\.\w+", " ", text)
    return re.findall(rf"(?<!\bs[’'])\b(?:{UNSAID[words]})(?!\w)", plain, re.IGNORECASE)
