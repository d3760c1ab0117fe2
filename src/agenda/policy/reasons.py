"""Why something failed, in words that may stand in the shared schema: of nobody in particular."""

import re

_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:'\"]+@[^\s<>()\[\]{},;:'\"]+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|«[^»]*»")
_IDENTIFIER = re.compile(r".[a-z][a-z0-9]*(_[a-z0-9]+)+.")
MAX_LENGTH = 500


def reason_of(kind: str, text: str) -> str:
    """Return the kind of an error and the first line of its text, without addresses nor anything it quotes.

    Databases and mail servers quote the value they refuse, which may be a child's name; a name of ours, such
    as that of a constraint, stays.
    """
    first = text.strip().split("\n", 1)[0]
    plain = _QUOTED.sub(lambda found: found[0] if _IDENTIFIER.fullmatch(found[0]) else "[…]", first)
    return f"{kind}: {_ADDRESS.sub('[…]', plain)}"[:MAX_LENGTH]
