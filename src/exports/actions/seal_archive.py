"""Seal an archive: a signed list of its files, the keys that open it, and what verifies it offline."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.conf import settings

from audit.actions.sign_text import sign_text
from audit.gateways.keys import known_keys
from audit.gateways.verifier import NAME, verifier_script
from exports.gateways.zip import Entry

SEAL = "MANIFEST.txt"
FOLDER = "verification"


def sealed(entries: Iterable[Entry], *, at: datetime) -> Iterator[Entry]:
    """Yield the files of an archive, then the verifier, the published keys, and the signed list of all.

    The list holds each file's SHA-256, size in bytes and path, as they were written.
    """
    listed: list[str] = []
    for entry in (*entries, *_tools()):
        yield Entry(entry.path, partial(_told, entry, listed))
    yield Entry(SEAL, lambda: [sign_text(_list(listed, at)).encode()])


def _tools() -> list[Entry]:
    keys = "".join(f"{key}\n" for key in known_keys()).encode()
    return [
        Entry(f"{FOLDER}/{NAME}", lambda: [verifier_script()]),
        Entry(f"{FOLDER}/keys.txt", lambda: [keys]),
    ]


def _told(entry: Entry, listed: list[str]) -> Iterator[bytes]:
    """Yield a file's pieces, and note what it held once the last is out."""
    digest, size = sha256(), 0
    for piece in entry.pieces():
        digest.update(piece)
        size += len(piece)
        yield piece
    listed.append(f"{digest.hexdigest()} {size} {entry.path}\n")


def _list(listed: Iterable[str], at: datetime) -> str:
    head = f"{settings.PUBLIC_HOST}/archive\nat {at.isoformat(timespec='seconds')}\n"
    return head + "".join(listed)
