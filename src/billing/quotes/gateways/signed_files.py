"""Where signed quotes, and the terms signed with them, lie: private storage, under names nobody can guess.

Views hand them out after asking who reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

SIGNED = "quotes/signed"
TERMS = "quotes/terms"


@contextmanager
def stored(content: bytes, *, folder: str = SIGNED) -> Iterator[str]:
    """Yield the name under which a PDF is kept, forgotten again when what it is for is refused.

    Nothing of the sender's own file name is kept.
    """
    name = default_storage.save(f"{folder}/{uuid4()}.pdf", ContentFile(content))
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def read_signed(name: str) -> bytes:
    """Return a signed PDF's content."""
    with default_storage.open(name) as file:
        return bytes(file.read())
