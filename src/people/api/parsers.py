"""JSON as programs send it, no deeper than anything here is."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 32


class ShallowJson(JSONParser):
    """Reads JSON; what is nested deeper than any request can't be read."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what was sent. Raises ParseError."""
        try:
            found = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None
        if not _is_shallow(found):
            raise ParseError
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
