"""What a line of a bank's statement probably pays: by reference, amount and name. A person decides."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

REFERENCE = "reference"

AMOUNT = "amount"

NAME = "name"

WEIGHTS = {REFERENCE: 60, AMOUNT: 30, NAME: 15}

ENOUGH = 45  # the reference, or the amount and the name

MAX_INVOICES = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What the bank says of one movement."""

    cents: int
    text: str
    name: str = ""
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something of ours that could be meant.

    Its kind and key, its number, what it lacks, who would pay it.
    """

    kind: str
    key: str
    number: str
    cents: int
    name: str = ""
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate with its reasons; the more of them, the heavier."""

    candidate: Candidate
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Return how much speaks for it."""
        return sum(WEIGHTS[reason] for reason in self.reasons)


def proposals(line: Line, candidates: Iterable[Candidate]) -> list[Proposal]:
    """Return what a line may pay, the likeliest first; nothing when too little speaks for anything."""
    found = []
    for candidate in candidates:
        if candidate.currency != line.currency or (candidate.cents > 0) != (line.cents > 0):
            continue
        each = Proposal(candidate, _reasons(line, candidate))
        if each.weight >= ENOUGH or (candidate.kind == "slip" and AMOUNT in each.reasons):
            found.append(each)
    likeliest = sorted(found, key=lambda each: (-each.weight, each.candidate.number))
    return likeliest[:MAX_INVOICES]


def clear_choice(found: list[Proposal]) -> Proposal | None:
    """Return the proposal to tick beforehand.

    None when two are equally likely, or the amount speaks against it.
    """
    if not found or (len(found) > 1 and found[0].weight == found[1].weight):
        return None
    return found[0] if AMOUNT in found[0].reasons else None


def _reasons(line: Line, candidate: Candidate) -> tuple[str, ...]:
    reasons = []
    if _stands_in(candidate.number, line.text):
        reasons.append(REFERENCE)
    if candidate.cents == line.cents:
        reasons.append(AMOUNT)
    if _alike(candidate.name, f"{line.name} {line.text}"):
        reasons.append(NAME)
    return tuple(reasons)


def _stands_in(number: str, text: str) -> bool:
    """Return whether a number stands in a text whole, however its signs were typed.

    "fa 2026/12" isn't FA-2026-123.
    """
    parts = [
        part.lstrip("0") or "0" if part.isdigit() else part
        for part in re.findall(r"[A-Z]+|\d+", number.upper())
    ]
    if not parts:
        return False
    inner = r"[\s\-_/.]*".join(f"0*{part}" if part.isdigit() else part for part in parts)
    return re.search(rf"(?<![A-Z0-9]){inner}(?!\d)", text.upper()) is not None


def _alike(ours: str, theirs: str) -> bool:
    """Return whether most of the words of a name stand in a text, without accents or small words."""
    mine = _words(ours)
    found = _words(theirs)
    return bool(mine) and len(mine & found) * 2 > len(mine)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return frozenset(
        word for word in re.findall(r"[A-Z]{3,}", plain) if word not in {"LES", "DES", "SAS", "SARL"}
    )
