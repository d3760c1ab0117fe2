"""The English words of an app, found in its Python files and templates, and what a translation must
respect.
"""

import re
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

COMMON = "common"
# Folders whose words belong to another app than the one they are named for.
ELSEWHERE = {
    "src/config": COMMON,
    "src/contracts/templatetags": COMMON,
    "templates/layouts": COMMON,
    "templates/components": COMMON,
    "templates/django": COMMON,
    "templates/pdf": COMMON,
    "templates/account": "people",
    "templates/mfa": "people",
    "templates/usersessions": "people",
    "templates/allauth": "people",
}
SIMPLE = None
PLURAL = (1, 2)
CONTEXT = ((1, "c"), 2)
BOTH = ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], SIMPLE),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], PLURAL),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], CONTEXT),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], BOTH),
}
_CALL = re.compile(r"\b(npgettext|ngettext|pgettext|gettext|_)\(")
_STRING = re.compile(r"\s*,?\s*u?(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')", re.S)
_NAMED = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
Word = tuple[str | tuple[str, str], str | None, str]


def app_of(path: str, apps: list[str]) -> str | None:
    """Return the app that translates a file of the project, or None when it has no words of ours."""
    for folder, app in ELSEWHERE.items():
        if path.startswith(f"{folder}/"):
            return app
    parts = path.split("/")
    if len(parts) == 2 and parts[0] == "templates":
        return COMMON
    return parts[1] if len(parts) > 2 and parts[1] in apps else None


def template_of(app: str, *, root: Path, apps: list[str]) -> Catalog:
    """Return the catalogue of all that the app says in English, each with the files that say it."""
    catalog = Catalog(charset="utf-8")
    for path in sorted([*root.glob("src/**/*.py"), *root.glob("templates/**/*.*")]):
        name = path.relative_to(root).as_posix()
        if "/migrations/" in name or name.endswith(".svg") or app_of(name, apps) != app:
            continue
        for message, context, _kind in words_in(path):
            catalog.add(message, locations=[(name, 1)], context=context)
    return catalog


def words_in(path: Path) -> Iterator[Word]:
    """Yield (message or its two plural forms, context, function) for each translated string of a file."""
    if path.suffix == ".py":
        yield from _in_python(path)
    else:
        yield from _in_template(path.read_text(encoding="utf-8"), str(path))


def _in_python(path: Path) -> Iterator[Word]:
    with path.open("rb") as file:
        calls: Any = extract_python(file, KEYWORDS, [], {"encoding": "utf-8"})
        for _line, function, found, _comments in calls:
            parts: list[Any] = list(found) if isinstance(found, tuple) else [found]
            if all(isinstance(part, str) for part in _texts(function, parts)):
                yield _word(function, parts)


def _in_template(text: str, origin: str) -> Iterator[Word]:
    code = templatize(text, origin=origin)
    for call in _CALL.finditer(code):
        parts: list[str] = []
        at = call.end()
        while len(parts) < _wanted(call[1]) and (string := _STRING.match(code, at)):
            parts.append(literal_eval(string[1]))
            at = string.end()
        if len(parts) == _wanted(call[1]):
            yield _word(call[1], parts)


def _wanted(function: str) -> int:
    return 1 + ("ngettext" in function or "npgettext" in function) + ("pgettext" in function)


def _texts(function: str, parts: list[str]) -> list[str]:
    return parts[: _wanted(function)]


def _word(function: str, parts: list[str]) -> Word:
    parts = _texts(function, parts)
    context = parts.pop(0) if "pgettext" in function else None
    return (parts[0], parts[1]) if len(parts) == 2 else parts[0], context, function


def names_in(text: str) -> set[str]:
    """Return the names of the values that a message has app for."""
    return {one or other for one, other in _NAMED.findall(text)}


def french(text: str) -> str:
    """Return French with the signs French is printed with: ’ and the spaces that don't break."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"(?<=[\w)’»%]) (?=[;?!](?:\s|$|[<)]))", "\u202f", text)
    text = re.sub(r"(?<=[\w)»%]) (?=:(?:\s|$))", "\u00a0", text)
    return re.sub(r" (?=»)", "\u00a0", re.sub(r"(?<=«) ", "\u00a0", text))
