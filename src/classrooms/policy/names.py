"""How two spellings of a person's name are recognised as one."""

from unicodedata import normalize

from isolation.policy.folding import letter


class _Plain(dict[int, str]):
    """Each letter without case or accent, worked out the first time it is met.

    What is no letter or digit goes.
    """

    def __missing__(self, code: int) -> str:
        self[code] = "".join(part for part in letter(chr(code)) if part.isalnum())
        return self[code]


_PLAIN = _Plain()


def name_key(name: str) -> str:
    """Return a name without case, accents, spaces or punctuation: what two spellings of it share."""
    return name.translate(_PLAIN)


def tidy(text: str) -> str:
    """Return a cell without the spaces around it nor doubled ones inside, each letter one with its accents.

    Its letters are left as they are: composed or not, they look alike, and are compared as they are stored.
    """
    return normalize("NFC", " ".join(text.split()))
