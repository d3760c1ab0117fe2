"""Rows that are counted all and shown a page at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

Item = TypeVar("Item")


class LazyRows(Sequence[Item], Generic[Item]):
    """Rows as a page shows them: counted without being read, and put into words a page at a time.

    `rows` is a list or a query; `count` returns how many there are; `show` returns the words of some of them,
    in their order.
    """

    def __init__(self, rows: Any, *, count: Callable[[], int], show: Callable[[Any], Iterable[Item]]) -> None:
        """Keep the rows, unread."""
        self._rows = rows
        self._count = count
        self._show = show

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count()

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...

    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        """Return an item, or those of a page; a place below zero counts from the end. Raises IndexError."""
        if isinstance(place, slice):
            return list(self._show(self._rows[place]))
        at = range(len(self))[place] if place < 0 else place
        found = list(self._show(self._rows[at : at + 1]))
        if not found:
            raise IndexError(place)
        return found[0]

    def __iter__(self) -> Iterator[Item]:
        """Return all of them, read at once."""
        return iter(self[:])
