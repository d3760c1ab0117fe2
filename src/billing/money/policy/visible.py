"""Words that can be seen: what a document says of a line must be readable."""

import unicodedata

from contracts.policy.readable import BLANK_LETTERS


def is_visible(text: str) -> bool:
    """Return whether a text has a character that is drawn: no blank, control, mark or invisible one alone."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in BLANK_LETTERS for each in text)
