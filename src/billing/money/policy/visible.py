"""Words that can be seen: what a document says of a line must be readable."""

import unicodedata

UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by their category, drawn as nothing


def is_visible(text: str) -> bool:
    """Return whether a text has a character that is drawn: no blank, control, mark or invisible one alone."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in UNSEEN for each in text)
