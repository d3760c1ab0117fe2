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
def past_days(
    *, valid_until: date, deliver_by: date | None = None, extended_until: date | None = None, today: date
) -> tuple[str, ...]:
    """Return what a quote names a day gone by for: nobody could sign it in time, or it promises one."""
    named = {"valid_until": valid_until, "extended_until": extended_until, "deliver_by": deliver_by}
    return tuple(field for field, day in named.items() if day is not None and day < today)
