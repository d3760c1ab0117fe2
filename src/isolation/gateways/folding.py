"""The database's own folding of names, written from the tables of Python's."""

import sys
from functools import cache
from unicodedata import combining

from isolation.policy.folding import APOSTROPHES, HYPHENS, IN_WORDS, SPACES, WRITTEN_AS

BETWEEN = " '-._"  # what may stand between the parts of a name


@cache
def fold_functions() -> tuple[str, ...]:
    """Return the statements that make the database's functions of names.

    `name_fold` folds as Python does, and `name_letters` leaves out what may stand between the parts of a
    name, too: Jean-Paul is jeanpaul. `name_key` is quicker, and only puts lists in order and finds in them.
    """
    return (
        _function("name_key", "lower(public.unaccent('public.unaccent'::regdictionary, $1))"),
        _function("name_fold", _folded()),
        _function("name_letters", _replaced("public.name_fold($1)", BETWEEN, "")),
    )


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION public.{name}(text) RETURNS text LANGUAGE sql "
        f"IMMUTABLE PARALLEL SAFE STRICT AS $fold$ SELECT {body} $fold$"
    )


def _folded() -> str:
    is_ascii = "octet_length($1) = length($1)"
    plain = _replaced(_replaced("lower($1)", SPACES, " "), "`", "'")
    return f"CASE WHEN {is_ascii} THEN {plain} ELSE {_any_letter()} END"


def _any_letter() -> str:
    apart = f"normalize({_plain_signs('$1')}, NFKD)"
    folded = _plain_signs(f"lower(regexp_replace({apart}, '[{_marks()}]', '', 'g'))")
    for one, other in WRITTEN_AS.items():
        folded = f"replace({folded}, '{one}', '{other}')"
    return folded


def _plain_signs(text: str) -> str:
    text = _replaced(_replaced(text, SPACES, " "), IN_WORDS, "")
    return _replaced(_replaced(text, APOSTROPHES, "'"), HYPHENS, "-")


def _replaced(text: str, chars: str, other: str) -> str:
    """Return how each of some characters becomes another, or goes."""
    codes = "".join(f"\\U{ord(char):08x}" for char in chars)
    quoted = "'" + other.replace("'", "''") + "'"
    return f"regexp_replace({text}, '[{codes}]', {quoted}, 'g')"


def _marks() -> str:
    """Return every accent that stands above or below a letter, as ranges."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if combining(chr(code)):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
