"""What was paid on an invoice, and when."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid, and on which day."""

    paid_on: date
    amount_cents: int
