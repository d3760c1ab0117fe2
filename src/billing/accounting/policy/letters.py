"""The letters that tie together what paid what on a client's account."""

FIRST = ord("A")

ALPHABET = 26


def letters_of(rank: int) -> str:
    """Return the letters of a rank from 1 on: AAA, AAB, …; as many more as it takes."""
    if rank < 1:
        raise ValueError(f"no letters for rank {rank}")
    found = ""
    left = rank - 1
    while left or len(found) < 3:
        left, last = divmod(left, ALPHABET)
        found = chr(FIRST + last) + found
    return found
