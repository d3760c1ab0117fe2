"""A bank's text in plain signs, so that what reads alike is alike."""

import re
import unicodedata


def plain_signs(text: str) -> str:
    """Return a text with plain letters, digits and hyphens: full width, no-break and hidden ones replaced."""
    narrow = unicodedata.normalize("NFKC", text)
    dashes = re.sub(r"[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]", "-", narrow)
    return "".join(sign for sign in dashes if unicodedata.category(sign) != "Cf")
