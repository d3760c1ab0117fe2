"""The signed heads of the trails, in files outside the database: a folder a trail, a file a month."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

_ENDS = re.compile(rb"\n\xe2\x80\x94 [^\n]+\n\n")  # a signature, and the empty line after a note


def newest_note(trail: str) -> str | None:
    """Return the newest signed note about a trail, None where there is none.

    What was torn by a power cut after the last whole one is passed over.
    """
    for path in sorted(_folder(trail).glob("*.txt"), reverse=True):
        content = path.read_bytes()
        ends = [found.end() for found in _ENDS.finditer(content)]
        if ends:
            start = ends[-2] if len(ends) > 1 else 0
            return content[start : ends[-1] - 1].decode()
    return None


def all_notes(trail: str) -> str:
    """Return all that was signed about a trail, note after note, the oldest first."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(_folder(trail).glob("*.txt")))


@contextmanager
def trail_locked(trail: str) -> Iterator[None]:
    """Let one writer at a time add to a trail's heads."""
    folder = _folder(trail)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def append_note(trail: str, note: str, *, at: datetime) -> None:
    """Add a signed note about a trail, and wait until it is on disk; a torn one before it is cut off."""
    path = _folder(trail) / f"{at:%Y-%m}.txt"
    with path.open("a+b") as file:
        file.seek(0)
        whole = [found.end() for found in _ENDS.finditer(file.read())]
        file.truncate(whole[-1] if whole else 0)
        file.seek(0, os.SEEK_END)
        file.write(f"{note}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _folder(trail: str) -> Path:
    return Path(settings.AUDIT_HEADS) / trail
