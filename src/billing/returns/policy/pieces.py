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
def withdrawn_of_claims(count: int, *, kept: int, claims: Sequence[tuple[int, bool]]) -> list[int]:
    """Return how many of each claim's pieces a withdrawal from so many is about.

    What the client holds comes back first, of the `kept` all that no claim took. A claim is its pieces, and
    whether it goes on: then it is withdrawn from whole or not at all.
    """
    rest = max(0, count - kept + sum(pieces for pieces, _goes_on in claims))
    found = []
    for pieces, goes_on in claims:
        part = min(pieces, rest)
        found.append(0 if goes_on and part < pieces else part)
        rest -= found[-1]
    return found
