"""The levels of a French primary school, and the cycle each belongs to."""

import re

CYCLES = {"TPS": 1, "PS": 1, "MS": 1, "GS": 1, "CP": 2, "CE1": 2, "CE2": 2, "CM1": 3, "CM2": 3, "6E": 3}
KNOWN = (*CYCLES, "ULIS", "UPE2A")
_TOKENS = re.compile(r"[0-9A-Z]+")


def cycle_of(*texts: str) -> int | None:
    """Return the cycle of the first level named in these texts (a level, a class's name), None when none
    is.
    """
    for text in texts:
        for token in _TOKENS.findall(text.upper()):
            if token in CYCLES:
                return CYCLES[token]
    return None


def is_level(text: str) -> bool:
    """Return whether a text names a level, or several of one class (CE1-CE2)."""
    return any(token in KNOWN for token in _TOKENS.findall(text.upper()))
