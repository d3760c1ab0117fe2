"""A quote reserves nothing: what is gone when the buyer accepts needs a new version."""

from collections.abc import Mapping

from contracts.policy.clauses import keeps


@keeps("LG-S10.2")
def gone(wanted: Mapping[str, int], in_stock: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return the products of a quote that can no longer be delivered in full, in the order wanted.

    A stock of None is never counted: subscriptions and services don't run out. While the answer isn't empty
    the quote can't be accepted: a new version offers an equivalent, to be accepted, or it is withdrawn.
    """
    return tuple(
        key for key, quantity in wanted.items() if (left := in_stock.get(key)) is not None and left < quantity
    )
