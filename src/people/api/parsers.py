"""JSON as programs send it: no deeper than anything here is, and each name once."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

MAX_DEPTH = 32


class SaidTwice(ParseError):
    """Raised when an object has a name twice: which of the two was meant nobody knows."""


class ShallowJson(JSONParser):
    """Reads JSON; what is nested deeper than any request, or says a thing twice, can't be read."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what was sent. Raises ParseError."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = codecs.getreader(encoding)(stream)
            found = json.load(text, parse_constant=strict_constant, object_pairs_hook=_each_once)
        except (ValueError, RecursionError):
            raise ParseError from None
        if not _is_shallow(found):
            raise ParseError
        return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SaidTwice(_("“%(name)s” stands twice: say it once.") % {"name": twice})
    return found


def _is_shallow(found: Any) -> bool:
    level = [found]
    for _depth in range(MAX_DEPTH):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return True
    return False


def _inside(each: Any) -> list[Any]:
    if isinstance(each, dict):
        return list(each.values())
    return each if isinstance(each, list) else []
