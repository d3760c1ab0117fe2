"""What people and things are called where a school's words don't fit: in a nursery, a household, a practice.

Texts are written once, in a school's words. Here the words are changed, and what stands before them follows:
"l’enseignant" becomes "le professionnel", "de l’école" becomes "du cabinet". Texts that no rule turns well
stand in `OTHERWISE`, whole. Whoever isn't known reads the school's words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from contracts.policy.other_words import OTHERWISE

SCHOOL = "school"
WORDS = (SCHOOL, "nursery", "household", "practice")
_VOWEL = re.compile(r"[aeiouhéèêâîôû]", re.I)
# Between what a program fills in, what is no word, and marks of the page, which stay as they are.
_KEPT = re.compile(r"(%\([^)]*\)[a-z]|%%|\{[^{}]*\}|<[^<>]*>|https?://\S+|\S+@\S+)")


@dataclass(frozen=True, slots=True)
class Noun:
    """A French noun and the one that replaces it, each as one and as several; and what it is then.

    `gender`: "m" or "f" where it changes or decides what stands before, "" where both have the same.
    """

    one: str
    several: str
    then_one: str
    then_several: str
    gender: str = ""


_CHILD = Noun("élève", "élèves", "enfant", "enfants")
_YEAR = Noun("année scolaire", "années scolaires", "année", "années")
_START = Noun("rentrée", "rentrées", "début d’année", "débuts d’année", "m")


_PROFESSIONALS = (
    Noun("enseignant", "enseignants", "professionnel", "professionnels", "m"),
    Noun("enseignante", "enseignantes", "professionnelle", "professionnelles", "f"),
)
_PARENTS = (
    Noun("enseignant", "enseignants", "parent", "parents", "m"),
    Noun("enseignante", "enseignantes", "parent", "parents", "m"),
)

FRENCH: Mapping[str, tuple[Noun, ...]] = {
    "nursery": (
        _CHILD,
        _YEAR,
        _START,
        *_PROFESSIONALS,
        Noun("école", "écoles", "établissement", "établissements", "m"),
        Noun("classe", "classes", "section", "sections"),
    ),
    "household": (
        _CHILD,
        _YEAR,
        _START,
        *_PARENTS,
        Noun("école", "écoles", "service", "services", "m"),
        Noun("établissement", "établissements", "service", "services", "m"),
        Noun("licence", "licences", "place", "places"),
    ),
    "practice": (
        _CHILD,
        _YEAR,
        _START,
        *_PROFESSIONALS,
        Noun("école", "écoles", "cabinet", "cabinets", "m"),
    ),
}

# No English word here begins with a vowel, before or after: "a" stays "a".
_CHILD_EN = {
    "pupil": "child",
    "pupils’": "children’s",
    "pupils'": "children's",
    "pupils": "children",
    "student": "child",
    "students’": "children’s",
    "students'": "children's",
    "students": "children",
    "back to school": "start of the year",
    "school year": "year",
    "school years": "years",
}
_PROFESSIONALS_EN = {"teacher": "professional", "teachers": "professionals"}

ENGLISH: Mapping[str, Mapping[str, str]] = {
    "nursery": _CHILD_EN
    | _PROFESSIONALS_EN
    | {
        "school": "nursery",
        "schools": "nurseries",
        "class": "section",
        "classes": "sections",
    },
    "household": _CHILD_EN
    | {
        "teacher": "parent",
        "teachers": "parents",
        "school": "service",
        "schools": "services",
        "licence": "place",
        "licences": "places",
    },
    "practice": _CHILD_EN | _PROFESSIONALS_EN | {"school": "practice", "schools": "practices"},
}

_TO_MASCULINE = {
    "une": "un",
    "la": "le",
    "cette": "ce",
    "toute": "tout",
    "toutes": "tous",
    "seule": "seul",
    "nouvelle": "nouveau",
    "nouvelles": "nouveaux",
    "aucune": "aucun",
    "quelle": "quel",
    "première": "premier",
}
_BEFORE_CONSONANT = {"d": "de ", "qu": "que ", "cet": "ce ", "nouvel": "nouveau ", "bel": "beau "}
_BEFORE_VOWEL = {"le": "l’", "la": "l’", "de": "d’", "que": "qu’", "ce": "cet ", "nouveau": "nouvel "}
_FEMININE_BEFORE_CONSONANT = {"l": "la ", "mon": "ma ", "ton": "ta ", "son": "sa "}
_BEFORE = sorted(
    {*_TO_MASCULINE, *_TO_MASCULINE.values(), *_BEFORE_VOWEL, *_BEFORE_CONSONANT, "mon", "ton", "son", "à"}
    - {"d", "qu"},
    key=len,
    reverse=True,
)
_TOKEN = rf"(?:\b(?:{'|'.join(_BEFORE)})\s+|\b(?:l|d|qu)[’'])"
_ONE_TOKEN = re.compile(r"(?P<word>[^\W\d_]+)(?P<gap>\s+|[’'])")
_CONTRACTED = ((re.compile(r"\bde le ", re.I), "du "), (re.compile(r"\bà le ", re.I), "au "))


@lru_cache(maxsize=8192)
def reword(text: str, *, words: str, language: str, message: str = "") -> str:
    """Return a text of the screen, in French or English, with a place's words instead of a school's.

    `message` is what the text translates, by which those are found that are said otherwise as a whole. What a
    program fills in, marks of the page and addresses stay. Twice is once. The text itself where the words are
    a school's, or unknown, or the language is neither.
    """
    otherwise = OTHERWISE.get(message)
    if otherwise is not None and words in otherwise.where:
        return otherwise.french if language == "fr" else otherwise.english
    rules = _rules(words, language)
    if not rules:
        return text
    parts = _KEPT.split(text)
    parts[::2] = [_each(part, rules) for part in parts[::2]]
    return "".join(parts)


@cache
def _rules(words: str, language: str) -> "tuple[tuple[re.Pattern[str], Noun | str], ...]":
    if language == "fr":
        nouns = sorted(FRENCH.get(words, ()), key=lambda noun: -len(noun.one))
        return tuple((_french(noun), noun) for noun in nouns)
    if language == "en":
        told = sorted(ENGLISH.get(words, {}).items(), key=lambda pair: -len(pair[0]))
        return tuple((re.compile(rf"\b{re.escape(old)}(?!\w)", re.I), new) for old, new in told)
    return ()


def _french(noun: Noun) -> re.Pattern[str]:
    either = "|".join(sorted((noun.one, noun.several), key=len, reverse=True))
    return re.compile(rf"(?P<before>{_TOKEN}*)(?<!\bs[’'])\b(?P<noun>{either})(?!\w)", re.I)


def _each(text: str, rules: "tuple[tuple[re.Pattern[str], Noun | str], ...]") -> str:
    for pattern, rule in rules:
        if isinstance(rule, Noun):
            noun = rule
            text = pattern.sub(lambda found, noun=noun: _phrase(found, noun), text)  # type: ignore[misc]
        else:
            new = rule
            text = pattern.sub(lambda found, new=new: _as_written(found[0], new), text)  # type: ignore[misc]
    return text


def _phrase(found: re.Match[str], noun: Noun) -> str:
    """Return a noun's replacement with what stands before it agreeing."""
    several = found["noun"].lower() == noun.several
    new = noun.then_several if several else noun.then_one
    before = found["before"]
    agreed = _agreed(before, new, "" if several and noun.gender == "f" else noun.gender)
    for pattern, short in _CONTRACTED:
        agreed = pattern.sub(short, agreed)
    return _as_written(before, agreed) + _as_written(found["noun"], new)


def _agreed(before: str, after: str, gender: str) -> str:
    """Return the words before a noun, from the nearest to the farthest, in its gender and as it sounds."""
    agreed = ""
    for found in reversed(list(_ONE_TOKEN.finditer(before))):
        agreed = _sounded(found, after=agreed or after, gender=gender) + agreed
    return agreed


def _sounded(found: re.Match[str], *, after: str, gender: str) -> str:
    word = found["word"].lower()
    masculine = _TO_MASCULINE.get(word, word) if gender == "m" else word
    if _VOWEL.match(after):
        return _BEFORE_VOWEL.get(masculine, masculine + found["gap"])
    told = _BEFORE_CONSONANT | ({"l": "le "} if gender != "f" else _FEMININE_BEFORE_CONSONANT)
    return told.get(masculine, masculine + found["gap"])


def _as_written(old: str, new: str) -> str:
    """Return new words with the capitals of the old."""
    if old.isupper() and sum(map(str.isalpha, old)) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
