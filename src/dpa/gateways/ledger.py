"""The erasure ledger: appended under a lock and on disk before the erasure is committed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings

from dpa.policy.ledger import Line, is_kept, read, written

END_BYTES = 1024 * 1024  # some 2,500 lines


def append(line: Line) -> bool:
    """Write a line and wait until it is on disk; return False when this erasure already stands there.

    A line torn by a power cut was never on disk whole, so nothing was erased on its account: it is cut off.
    However long the ledger is, only its end is looked at: an erasure whose transaction failed after its line
    was written is tried again within minutes. One that would come later still stands there twice, and is
    replayed once.
    """
    with _locked() as path:
        is_new = not path.exists()
        end = _end(path)
        if str(line.deletion).encode() in end:
            return False
        last = end[end.rfind(b"\n", 0, -1) + 1 : -1].decode("utf-8")
        with path.open("a", encoding="utf-8") as file:
            file.write(written(line, previous=last) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _sync_folder(path)
        return True


def lines(path: Path | None = None) -> Iterator[Line]:
    """Yield the ledger's lines, the oldest first. Raises BrokenLedger; no file is an empty ledger."""
    path = path or Path(settings.ERASURE_LEDGER)
    if path.exists():
        yield from read(path.read_text(encoding="utf-8").splitlines())


def texts() -> list[str]:
    """Return the ledger's lines as they stand in the file, whole ones only."""
    path = Path(settings.ERASURE_LEDGER)
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1].decode("utf-8").splitlines()


def erased_ids() -> frozenset[UUID]:
    """Return the ids of all who stand in the ledger."""
    return frozenset(subject for line in lines() for subject in line.subjects)


def prune(*, today: date) -> int:
    """Take out the lines no restore can need any more, in one rename, and return how many went."""
    with _locked() as path:
        texts = _whole_lines(path)
        kept = [text for text, line in zip(texts, read(texts), strict=True) if is_kept(line, today=today)]
        if len(kept) < len(texts):
            _replace(path, "".join(f"{text}\n" for text in kept))
        return len(texts) - len(kept)


def _whole_lines(path: Path) -> list[str]:
    return _whole(path).decode("utf-8").splitlines()


def _whole(path: Path) -> bytes:
    content = path.read_bytes() if path.exists() else b""
    end = content.rfind(b"\n") + 1
    if end < len(content):
        os.truncate(path, end)
    return content[:end]


def _end(path: Path) -> bytes:
    """Return the last lines of the ledger, whole ones; what was torn after them is cut off."""
    if not path.exists():
        return b""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - END_BYTES))
        content = file.read()
    if size > END_BYTES and content.count(b"\n") < 2:
        return _whole(path)  # a line is longer than that: look at all of them, and cut nothing off unseen
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(path, size - len(content) + len(whole))
    return whole if size <= END_BYTES else whole[whole.find(b"\n") + 1 :]


def _replace(path: Path, content: str) -> None:
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked() -> Iterator[Path]:
    path = Path(settings.ERASURE_LEDGER)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
