"""How many profiles may be active at once."""

from contracts.policy.clauses import keeps


class LicencesUsedUp(Exception):
    """Raised when more profiles would be active than licences were bought."""

    def __init__(self, *, bought: int, active: int, adding: int):
        super().__init__(f"{active} active, {adding} more, {bought} bought")
        self.bought = bought
        self.active = active
        self.adding = adding

    @property
    def short(self) -> int:
        """Return how many licences are lacking."""
        return self.active + self.adding - self.bought


@keeps("LG-S12l")
def seats_left(*, bought: int, active: int, adding: int) -> int:
    """Return how many licences are free once `adding` more profiles are active.

    Adding none is never refused, even when a smaller renewal left fewer licences than active profiles.
    Raises LicencesUsedUp, which says how many are lacking; ValueError on a negative number.
    """
    if min(bought, active, adding) < 0:
        raise ValueError("a number of profiles is never negative")
    if adding and active + adding > bought:
        raise LicencesUsedUp(bought=bought, active=active, adding=adding)
    return bought - active - adding
