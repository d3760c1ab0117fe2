"""What was paid on an invoice, and when; and what was there already when it was issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid, and on which day."""

    paid_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Prepaid:
    """The money that was there at issue, and the day all of it was; None while something is left to pay."""

    cents: int = 0
    on: date | None = None


@keeps("LG-S6.3p", "LG-S6.3c", "LG-S20.2")
def with_credits_first(
    payments: Iterable[Payment], unused: Iterable[Payment], *, asked_cents: int
) -> list[Payment]:
    """Return what settled an invoice and when, had its credits come on the day from which they count.

    `unused`: what of its credit notes found nothing left to settle because money had come, or is in hand. A
    credit that counts from an earlier day settles before later money, which only then was too much; money
    that came first did settle what was owed. It settles what nothing has paid of what is asked.
    """
    found = sorted(payments, key=lambda each: each.paid_on)
    unpaid = max(0, asked_cents - sum(each.amount_cents for each in found))
    for credit in sorted(unused, key=lambda each: each.paid_on):
        open_part = min(unpaid, credit.amount_cents)
        unpaid -= open_part
        left = credit.amount_cents - open_part
        for at in reversed(range(len(found))):
            if found[at].paid_on <= credit.paid_on or not left:
                break
            taken = min(left, found[at].amount_cents)
            found[at] = Payment(found[at].paid_on, found[at].amount_cents - taken)
            left -= taken
        found.append(Payment(credit.paid_on, credit.amount_cents - left))
        found = sorted((each for each in found if each.amount_cents), key=lambda each: each.paid_on)
    return found


def prepaid(*, gross_cents: int, paid: Payment | None) -> Prepaid:
    """Return what an invoice says of money that came before it: never more than it asks.

    One that asks nothing was not paid by anything.
    """
    if paid is None or gross_cents <= 0:
        return Prepaid()
    cents = min(gross_cents, paid.amount_cents)
    return Prepaid(cents, paid.paid_on if cents == gross_cents else None)
