"""What a payment pays: never more than it brought, never more than is owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

COVERS = "pays what the same order still asks"  # why a share left an invoice whose credit note owed it


@dataclass(frozen=True, slots=True)
class AllocatedAmount:
    """How many cents of a payment go to one invoice."""

    key: str
    cents: int


@dataclass(frozen=True, slots=True)
class AvailablePayment:
    """What one payment could put into the invoice it was sent for; `arrived`: the money is there."""

    key: str
    cents: int
    arrived: bool


def allocate_to_invoice(asked_cents: int, claims: Iterable[AvailablePayment]) -> dict[str, int]:
    """Return what each payment sent for an invoice puts into it, in cents; those left out put nothing.

    Money that arrived comes before a cheque that waits, each in the order given, so that what an invoice has
    been paid depends on what arrived and never on the order in which we heard of it. Raises ValueError below
    zero.
    """
    given = list(claims)
    if asked_cents < 0 or any(claim.cents < 0 for claim in given):
        raise ValueError("neither an invoice nor a payment is negative")
    left = asked_cents
    found = dict[str, int]()
    for claim in sorted(given, key=lambda claim: not claim.arrived):
        if part := min(left, claim.cents):
            found[claim.key] = part
            left -= part
    return found


def allocation_changes(
    now: Mapping[str, int], wanted: Mapping[str, int]
) -> tuple[frozenset[str], list[AllocatedAmount]]:
    """Return whose shares end and which begin, to go from one sharing to another.

    Equal ones are left alone.
    """
    ended = frozenset(key for key, cents in now.items() if wanted.get(key, 0) != cents)
    return ended, [AllocatedAmount(key, cents) for key, cents in wanted.items() if now.get(key, 0) != cents]


def unallocated_cents(*, brought: int, allocated: int, refunded: int) -> int:
    """Return what of a payment pays nothing and was not given back.

    The client's credit, and all that can be refunded.

    Raises ValueError when more was used than it brought.
    """
    left = brought - allocated - refunded
    if left < 0:
        raise ValueError("more was used than the payment brought")
    return left
