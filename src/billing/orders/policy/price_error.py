"""A manifest pricing error: the order may be cancelled, once the client was told why."""

from contracts.policy.clauses import keeps


class NotTold(ValueError):
    """Raised when the client isn't told why."""


class NoError(ValueError):
    """Raised when the price asked isn't below the right one: nothing was sold by error for too little."""


@keeps("LG-S6.1e")
def cancel_for_price_error(*, asked_cents: int, right_cents: int, told: str, paid_cents: int) -> int:
    """Return what is refunded, in cents: all that was paid, when an order with a manifest price error is
    cancelled.

    A person judges that it is manifest; here is what that may rest on: the price asked is below the right
    one, and the client is told why in words. Raises NoError, NotTold, ValueError on amounts below zero.
    """
    if min(asked_cents, right_cents, paid_cents) < 0:
        raise ValueError("an amount is never below zero")
    if asked_cents >= right_cents:
        raise NoError(f"{asked_cents} asked, {right_cents} right")
    if not told.strip():
        raise NotTold
    return paid_cents
