"""What a line of a bank's statement probably pays: by reference, amount and name. A person decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from billing.payments.policy.plain_text import plain_signs, plain_words

REFERENCE = "reference"

AMOUNT = "amount"

NAME = "name"

PAYER = "payer"

WEIGHTS = {REFERENCE: 60, AMOUNT: 30, NAME: 15, PAYER: 45}

ENOUGH = 45  # the reference, a payer known from before, or the amount and the name

MAX_INVOICES = 4

PROVIDER_NAMES = ("stripe",)  # as the bank calls who pays out what was paid online


@dataclass(frozen=True, slots=True)
class Line:
    """What the bank says of one movement."""

    cents: int
    text: str
    name: str = ""
    currency: str = "EUR"
    payers: frozenset[str] = frozenset()  # the customers this account or name has paid for before


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
    customer: str = ""
    beside_cents: int = 0  # what else of the client's a payment of it may pay: a claim's own invoice


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


def names_provider(line: Line) -> bool:
    """Return whether a line says that it comes from the payment provider."""
    return any(name in f"{line.name} {line.text}".casefold() for name in PROVIDER_NAMES)


def clear_choice(found: list[Proposal]) -> Proposal | None:
    """Return the proposal to tick beforehand.

    None when two are equally likely, when the amount speaks against it, or when a reference names another.
    """
    if not found or (len(found) > 1 and found[0].weight == found[1].weight):
        return None
    if REFERENCE not in found[0].reasons and any(REFERENCE in each.reasons for each in found):
        return None
    return found[0] if AMOUNT in found[0].reasons else None


def _reasons(line: Line, candidate: Candidate) -> tuple[str, ...]:
    reasons = []
    if _stands_in(candidate.number, line.text) or _is_referred_to(candidate.number, line.text):
        reasons.append(REFERENCE)
    if candidate.cents == line.cents:
        reasons.append(AMOUNT)
    if _alike(candidate.name, f"{line.name} {line.text}"):
        reasons.append(NAME)
    if candidate.customer and candidate.customer in line.payers:
        reasons.append(PAYER)
    return tuple(reasons)


def _stands_in(number: str, text: str) -> bool:
    """Return whether a number stands in a text whole, however its signs were typed.

    "fa 2026/12" isn't FA-2026-123; no letter and no digit touches it.
    """
    parts = [
        part.lstrip("0") or "0" if part.isdigit() else part
        for part in re.findall(r"[A-Z]+|\d+", plain_signs(number).upper())
    ]
    if not parts:
        return False
    inner = r"[\s\-_/.]*".join(f"0*{part}" if part.isdigit() else part for part in parts)
    return re.search(rf"(?<![^\W_]){inner}(?![^\W_])", plain_signs(text).upper()) is not None


def _is_referred_to(number: str, text: str) -> bool:
    """Return whether a creditor reference (ISO 11649) in a text, rightly checked, is of a number."""
    return any(_stands_in(number, body) for body in creditor_references(text))


def creditor_references(text: str) -> list[str]:
    """Return what the creditor references of a text refer to: "RF", two check digits, at most 21 signs.

    They may be parted by spaces; where several ends check, each is returned.
    """
    found = []
    plain = plain_signs(text).upper()
    for start in re.finditer(r"(?<![^\W_])RF\d\d(?=[ A-Z0-9])", plain):
        pieces = re.match(r"(?: ?[A-Z0-9]+)*", plain[start.end() :])
        words = pieces[0].split(" ") if pieces else []
        for end in range(1, len(words) + 1):
            body = "".join(words[:end])
            if 0 < len(body) <= 21 and _checks(body + start[0]):
                found.append(body)
    return found


def _checks(turned: str) -> bool:
    """Return whether a reference, its first four signs moved to its end, is 1 modulo 97."""
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _alike(ours: str, theirs: str) -> bool:
    """Return whether most of the words of a name stand in a text, without accents or small words."""
    mine = _words(ours)
    found = _words(theirs)
    return bool(mine) and len(mine & found) * 2 > len(mine)


def _words(text: str) -> frozenset[str]:
    return frozenset(
        word
        for word in re.findall(r"[^\W\d_]{3,}", " ".join(plain_words(text)))
        if word not in {"LES", "DES", "SAS", "SARL"}
    )
