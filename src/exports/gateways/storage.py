"""Files of exports in the storage, under names that say whose they are and nothing of whom they speak."""

from collections.abc import Iterable, Iterator
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

_CHUNK = 256 * 1024


class Pieces(File):  # type: ignore[type-arg]
    """A file that is written as it is made, piece by piece."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.name = None
        self.mode = "rb"

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the pieces once."""
        yield from self._pieces


def folder(tenant_id: UUID, job_id: UUID) -> str:
    """Return where an export's parts and its archive lie."""
    return f"{tenant_id}/exports/{job_id}"


def write(name: str, pieces: Iterable[bytes]) -> int:
    """Write a file under exactly this name, over what an interrupted attempt left, and return its size."""
    delete([name])
    saved = default_storage.save(name, Pieces(pieces))
    if saved != name:
        raise RuntimeError(f"the storage renamed {name}")
    return default_storage.size(name)


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
    if not default_storage.exists(name):
        return 0
    folders, files = default_storage.listdir(name)
    gone = delete(f"{name}/{file}" for file in files) + sum(
        delete_folder(f"{name}/{inner}") for inner in folders
    )
    default_storage.delete(name)
    return gone
