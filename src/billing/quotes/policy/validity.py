"""How long a quote can be signed, and which days it may name."""

from datetime import date, timedelta

from contracts.policy.clauses import keeps

VALID_FOR = timedelta(days=30)  # proposed to finance, who may choose another day


class PastDay(ValueError):
    """Raised on a day that has passed when the quote is written; `field` is what it is for."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@keeps("LG-S5.2")
def check_days(
    *, valid_until: date, deliver_by: date | None = None, extended_until: date | None = None, today: date
) -> None:
    """Refuse a quote that nobody could sign in time, or that promises a day gone by. Raises PastDay."""
    named = {"valid_until": valid_until, "deliver_by": deliver_by, "extended_until": extended_until}
    for field, day in named.items():
        if day is not None and day < today:
            raise PastDay(field)
