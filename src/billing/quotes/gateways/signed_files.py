"""Where signed quotes, and the terms signed with them, lie: private storage, under names nobody can guess.

Views hand them out after asking who reads.
"""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

SIGNED = "quotes/signed"
TERMS = "quotes/terms"


def store_signed(content: bytes, *, folder: str = SIGNED) -> str:
    """Return the name under which a PDF is kept; nothing of the sender's own file name is."""
    return default_storage.save(f"{folder}/{uuid4()}.pdf", ContentFile(content))


def drop_signed(name: str) -> None:
    """Forget a file whose signature was refused."""
    default_storage.delete(name)


def read_signed(name: str) -> bytes:
    """Return a signed PDF's content."""
    with default_storage.open(name) as file:
        return bytes(file.read())
