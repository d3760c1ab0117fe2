"""Reads a profile's TOML text strictly: whatever is unknown, missing or wrong is an error with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import date
from typing import Any, get_type_hints

from contracts.policy.annex_b import FIELDS
from contracts.policy.profiles import Profile


class ProfileError(ValueError):
    """Raised on a parameter that is unknown, missing or wrong; says the file and the line."""

    def __init__(self, source: str, line: int, reason: str) -> None:
        super().__init__(f"{source}:{line}: {reason}")
        self.source = source
        self.line = line
        self.reason = reason


class _Annex(dict[str, frozenset[str]]):
    """Allowed fields per data subject; a subject the annex doesn't name may have none."""

    def __missing__(self, subject: str) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file's tables into dataclasses and knows the line of everything."""

    source: str
    text: str

    def error(self, path: tuple[str, ...], reason: str) -> ProfileError:
        return ProfileError(self.source, _line_of(self.text, path), reason)

    def build(self, kind: type[Any], table: Mapping[str, Any], path: tuple[str, ...], **given: Any) -> Any:
        wanted = {item.name: item for item in fields(kind) if item.name not in given}
        hints = get_type_hints(kind)
        for name in table:
            if name not in wanted:
                raise self.error((*path, name), f"unknown parameter {'.'.join((*path, name))!r}")
        for name in wanted:
            if name not in table:
                raise self.error(path, f"missing parameter {'.'.join((*path, name))!r}")
        read = {
            name: self.value(item, hints[name], table[name], (*path, name)) for name, item in wanted.items()
        }
        return kind(**given, **read)

    def value(self, item: Field[Any], hint: Any, value: Any, path: tuple[str, ...]) -> Any:
        if is_dataclass(hint):
            self.expect(isinstance(value, dict), path, "a table")
            return self.build(hint, value, path)  # type: ignore[arg-type]
        if "keys" in item.metadata:
            return self.mapping(item, hint, value, path)
        if hint == frozenset[str]:
            return self.words(value, item.metadata["choices"], path)
        if hint is int:
            self.expect(type(value) is int and value >= 0, path, "a whole number, 0 or more")
        elif hint is bool:
            self.expect(type(value) is bool, path, "true or false")
        else:
            self.text_or_choice(item, value, path)
        return value

    def text_or_choice(self, item: Field[Any], value: Any, path: tuple[str, ...]) -> None:
        choices = item.metadata.get("choices", ())
        self.expect(isinstance(value, str) and bool(value), path, "a text")
        self.expect(not choices or value in choices, path, f"one of {', '.join(choices)}")

    def words(self, value: Any, choices: Any, path: tuple[str, ...]) -> frozenset[str]:
        self.expect(
            isinstance(value, list) and all(isinstance(word, str) for word in value), path, "a list of words"
        )
        for word in value:
            self.expect(word in choices, path, f"words out of {', '.join(sorted(choices))} (not {word!r})")
        return frozenset(value)

    def mapping(self, item: Field[Any], hint: Any, value: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
        self.expect(isinstance(value, dict), path, "a table")
        keys: frozenset[str] = item.metadata["keys"]
        for key in value:
            if key not in keys:
                raise self.error((*path, key), f"unknown parameter {'.'.join((*path, key))!r}")
        if item.metadata["all"] and (absent := sorted(keys - set(value))):
            raise self.error(path, f"missing parameter {'.'.join((*path, absent[0]))!r}")
        if hint == Mapping[str, str]:
            for key, text in value.items():
                self.expect(isinstance(text, str) and bool(text), (*path, key), "a text")
            return dict(value)
        return _Annex({key: self.words(names, FIELDS, (*path, key)) for key, names in value.items()})

    def expect(self, holds: bool, path: tuple[str, ...], wanted: str) -> None:
        if not holds:
            raise self.error(path, f"{'.'.join(path)!r} must be {wanted}")


def parse_profile(text: str, *, key: str, version: date, source: str) -> Profile:
    """Return the profile written in a TOML text; `source` is the file's name, for errors.

    Raises ProfileError on anything unknown, missing or wrong, and when the periods contradict each other.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        line = re.search(r"line (\d+)", str(broken))
        last = text.count("\n") + 1
        raise ProfileError(source, int(line[1]) if line else last, str(broken)) from None
    reader = _Reader(source, text)
    profile: Profile = reader.build(Profile, tables, (), key=key, version=version)
    _agree(profile, reader)
    return profile


def _agree(profile: Profile, reader: _Reader) -> None:
    """Raise ProfileError when the parameters contradict each other or what every contract promises."""
    erasure = profile.erasure
    rights = profile.rights
    reader.expect(0 < erasure.hours <= 24, ("erasure", "hours"), "from 1 to 24 (LG-DBr)")
    reader.expect(
        erasure.undo_hours < erasure.alarm_hours < erasure.hours,
        ("erasure", "undo_hours"),
        "less than alarm_hours, and that less than hours",
    )
    reader.expect(
        (rights.months == 0) != (rights.days == 0), ("rights", "months"), "0 exactly when days is not"
    )
    reader.expect(
        (profile.suspension.when == "after_notice") == (profile.suspension.business_days > 0),
        ("suspension", "business_days"),
        "0 exactly when no notice is given",
    )
    reader.expect(
        (profile.closure.set_by == "nobody") == (profile.closure.after_months == 0),
        ("closure", "after_months"),
        "0 exactly when nobody set it",
    )
    reader.expect(
        (profile.controller == "operator") == (rights.forward_hours == 0),
        ("rights", "forward_hours"),
        "0 exactly when the operator is the controller",
    )


def _line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the line of a parameter, of its table when it isn't there, or 1."""
    table: tuple[str, ...] = ()
    best = 1
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w.\-\"]+)\s*\]", line):
            table = tuple(header[1].replace('"', "").split("."))
            here = table
        elif key := re.match(r"\s*([\w\-\"]+)\s*=", line):
            here = (*table, key[1].strip('"'))
        else:
            continue
        if path[: len(here)] == here and len(here) > depth:
            best = number
            depth = len(here)
    return best
