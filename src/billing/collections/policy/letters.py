"""What a registered letter starts."""

from datetime import date, timedelta

from contracts.policy.clauses import keeps


@keeps("LG-S20.1")
def breach_ends_on(*, first_presented_on: date, remedied_on: date | None, days: int) -> date | None:
    """Return the first day on which the contract may be terminated for a breach, None once it was remedied in
    time.

    So many calendar days (the profile's: 15) run from the first presentation of the registered letter.
    """
    last_day = first_presented_on + timedelta(days=days)
    if remedied_on is not None and remedied_on <= last_day:
        return None
    return last_day + timedelta(days=1)
