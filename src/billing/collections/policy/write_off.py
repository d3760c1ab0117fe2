"""What may be given up of a receivable, and on which day."""

from datetime import date

from contracts.policy.clauses import keeps


class NotARest(ValueError):
    """Raised when more would be given up than is left to pay; says what is left."""

    def __init__(self, rest_cents: int) -> None:
        super().__init__(rest_cents)
        self.rest_cents = rest_cents


class BadLossDay(ValueError):
    """Raised for a day to come, or before the last thing that happened to the receivable; says which."""

    def __init__(self, first: date) -> None:
        super().__init__(first)
        self.first = first


class NotALoss(ValueError):
    """Raised for a down payment whose sale was never invoiced: nothing was sold, a credit note takes it
    back.
    """


@keeps("LG-S6.3x")
def loss_objections(
    cents: int, on: date, *, rest_cents: int, settled_until: date | None, today: date
) -> tuple[NotALoss | BadLossDay | NotARest, ...]:
    """Return all that forbids to give up so many cents on a day.

    `settled_until`: the day of the last thing that happened to the receivable, None where it is no loss.
    """
    if settled_until is None:
        return (NotALoss(),)
    bad_day = () if settled_until <= on <= today else (BadLossDay(settled_until),)
    no_rest = () if 0 < cents <= rest_cents else (NotARest(rest_cents),)
    return (*no_rest, *bad_day)
