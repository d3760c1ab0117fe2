"""Files of exports in the storage, under names that say whose they are and nothing of whom they speak."""

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

_CHUNK = 256 * 1024


class _Stream(io.RawIOBase):
    """What reads pieces as a file that can't be gone back in."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        """Return that it is read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next and return how much that is; 0 at the end."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


class Pieces(File):  # type: ignore[type-arg]
    """A file that is written as it is made, piece by piece, to a disk or over a network."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._reader = io.BufferedReader(_Stream(pieces), buffer_size=_CHUNK)
        super().__init__(self._reader)
        self.mode = "rb"

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield what comes, once."""
        while piece := self._reader.read(chunk_size or _CHUNK):
            yield piece


def folder(tenant_id: UUID, job_id: UUID) -> str:
    """Return where an export's parts and its archive lie."""
    return f"{tenant_id}/exports/{job_id}"


def write(name: str, pieces: Iterable[bytes]) -> int:
    """Write a file under exactly this name, over what an interrupted attempt left, and return its size."""
    delete([name])
    saved = default_storage.save(name, Pieces(pieces))
    if saved != name:
        raise RuntimeError(f"the storage renamed {name}")
    return size(name)


def read(name: str) -> bytes:
    """Return a whole small file."""
    with default_storage.open(name) as file:
        return bytes(file.read())


def pieces_of(name: str) -> Iterator[bytes]:
    """Yield a stored file piece by piece, opened only when the first is asked for."""
    with default_storage.open(name) as file:
        while piece := file.read(_CHUNK):
            yield piece


def opened(name: str) -> IO[Any]:
    """Return a stored file, open for reading."""
    return default_storage.open(name)


def size(name: str) -> int:
    """Return the size of a stored file, in bytes."""
    return int(default_storage.size(name))


def exists(name: str) -> bool:
    """Return whether a file is there."""
    return default_storage.exists(name)


def delete(names: Iterable[str]) -> int:
    """Delete files and return how many were there; one already gone is no error."""
    gone = 0
    for name in names:
        if name and default_storage.exists(name):
            default_storage.delete(name)
            gone += 1
    return gone


def delete_folder(name: str) -> int:
    """Delete a folder with all it holds and return how many files were there."""
    folders, files = _listed(name)
    gone = delete(f"{name}/{file}" for file in files)
    gone += sum(delete_folder(f"{name}/{inner}") for inner in folders)
    if default_storage.exists(name):  # a disk has folders of their own
        default_storage.delete(name)
    return gone


def walk(name: str = "") -> Iterator[str]:
    """Yield the names of all files in a folder and its folders, in order; "" is the whole storage."""
    folders, files = _listed(name)
    inside = f"{name}/" if name else ""
    for file in sorted(files):
        yield f"{inside}{file}"
    for folder_name in sorted(folders):
        yield from walk(f"{inside}{folder_name}")


def _listed(name: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(name)
    except FileNotFoundError:
        return [], []
    return [each for each in folders if each], [each for each in files if each]
