"""Going on with a subscription by express agreement.

Renewing a fixed term before its end, or starting again after it.
"""

from datetime import date

from contracts.policy.clauses import keeps
from contracts.policy.profiles import KeptPeriod

RENEWAL = "renewal"

REACTIVATION = "reactivation"


@keeps("LG-S14.2f", "MC-1s")
def can_renew(
    *, renewal: str, is_alive: bool, is_agreed: bool, was_announced: bool, is_last: bool = False
) -> bool:
    """Return whether the client may agree to the next term now.

    A fixed one that runs and whose end was announced, unless it is the last of a product withdrawn from sale.
    """
    return renewal == "fixed" and is_alive and was_announced and not is_agreed and not is_last


@keeps("LG-S21.2")
def reactivable_until(ended_on: date, *, kept: KeptPeriod) -> date:
    """Return the first day on which an ended subscription can't begin again with its data.

    They are gone by then.
    """
    return kept.until(ended_on)


@keeps("LG-S21.2")
def can_reactivate(ended_on: date | None, *, kept: KeptPeriod, today: date, runs_elsewise: bool) -> bool:
    """Return whether an ended subscription may begin again today.

    Its data are kept still, and nothing else runs it.
    """
    if ended_on is None or runs_elsewise:
        return False
    return ended_on <= today < reactivable_until(ended_on, kept=kept)
