"""What is asked on top of the things sold: each charge is a line of its own."""

from dataclasses import dataclass
from typing import Literal

from billing.money.policy.vat import Split
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge excluding VAT, by the kind of line it makes."""

    kind: Literal["shipping", "cheque_fee"]
    net_cents: int


@keeps("LG-S6.1s")
def charges(*, shipping_cents: int = 0, processing: Split | None = None) -> tuple[Charge, ...]:
    """Return the lines of a document that are neither sold nor taken off: shipping, then processing.

    They are never hidden in the price of what is sold: who is about to confirm sees each of them. Nothing is
    said of a charge that isn't asked. Raises ValueError below zero.
    """
    if shipping_cents < 0:
        raise ValueError("shipping is never below zero")
    found = [Charge("shipping", shipping_cents)] if shipping_cents else []
    if processing is not None:
        found.append(Charge("cheque_fee", processing.net_cents))
    return tuple(found)
