"""Which pieces of an order's lines a claim is about, where one thing was sold on several lines."""

from collections.abc import Iterable, Mapping, Sequence

from billing.invoicing.policy.credit import part_of
from contracts.policy.clauses import keeps


@keeps("LG-S9")
def pieces_claimed(count: int, room: Mapping[int, int]) -> dict[int, int]:
    """Return by position how many of each line a claim on so many pieces is about: the first that are left.

    `room` is how many are left of each line, the first line first.
    """
    found = {}
    for position, left in room.items():
        if part := min(count, max(0, left)):
            found[position] = part
            count -= part
    return found


@keeps("LG-S9", "LG-S22")
def pieces_gone(claims: Iterable[int], room: Mapping[int, int]) -> dict[int, int]:
    """Return by position how many of each line went back by claims, one after the other."""
    found: dict[int, int] = {}
    for count in claims:
        rest = {position: left - found.get(position, 0) for position, left in room.items()}
        for position, part in pieces_claimed(count, rest).items():
            found[position] = found.get(position, 0) + part
    return found


@keeps("LG-S9")
def spread_reduction(cents: int, worth: Mapping[int, int]) -> dict[int, int]:
    """Return by position what a reduction takes off each line, as far as its pieces were worth something.

    Never more of a line than its pieces are worth.
    """
    rest = {position: most for position, most in worth.items() if most > 0}
    found = {}
    while rest:
        whole = sum(rest.values())
        position, most = rest.popitem()
        if part := min(most, part_of(cents, most, whole)):
            found[position] = part
            cents -= part
    return dict(sorted(found.items()))


@keeps("LG-S22", "LG-S9")
def withdrawn_of_claims(count: int, *, kept: int, claims: Sequence[int]) -> list[int]:
    """Return how many of each claim's pieces a withdrawal from so many is about.

    What the client holds comes back first: of the `kept` all that no claim took.
    """
    rest = max(0, count - kept + sum(claims))
    found = []
    for pieces in claims:
        found.append(min(pieces, rest))
        rest -= found[-1]
    return found


@keeps("LG-S22", "LG-S9")
def spread_over_lines(counts: Iterable[int], room: Mapping[int, int]) -> list[dict[int, int]]:
    """Return for so many pieces of each claim by position how many of each line they are, the first first."""
    left = dict(room)
    found = []
    for count in counts:
        part = pieces_claimed(count, left)
        left = {position: rest - part.get(position, 0) for position, rest in left.items()}
        found.append(part)
    return found
