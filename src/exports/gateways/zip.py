"""Archives made as they are written: memory stays the same whatever their size."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED

from zipstream import ZipStream

_ALREADY_COMPRESSED = (".pdf", ".jpg", ".jpeg", ".png", ".webp", ".zip", ".mp3", ".mp4")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive: its path inside, and what gives its bytes when its turn comes."""

    path: str
    pieces: Callable[[], Iterable[bytes]]


class _Later:
    """An iterable that opens its source when it is read, not when it is queued."""

    def __init__(self, pieces: Callable[[], Iterable[bytes]]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces())


def archive(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield the bytes of a ZIP, entry after entry.

    What is already compressed is stored, the rest deflated.
    """
    stream = ZipStream()
    for entry in entries:
        if entry.path.lower().endswith(_ALREADY_COMPRESSED):
            stream.add(_Later(entry.pieces), entry.path, compress_type=ZIP_STORED)
        else:
            stream.add(_Later(entry.pieces), entry.path, compress_type=ZIP_DEFLATED, compress_level=6)
        yield from stream.file()
    yield from stream.finalize()
