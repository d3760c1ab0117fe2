"""What a person of the operator may do to a whole tenant by hand: nothing its contracts don't allow."""

from contracts.policy.clauses import keeps

CONTRACT_OVER = "contract_over"
CLIENT_ASKED = "client_asked"
GROUNDS = frozenset({CONTRACT_OVER, CLIENT_ASKED})


@keeps("LG-S20.1", "LG-S20.2")
def why_not_ended(ground: str, *, subscribed: bool, in_force: bool) -> str:
    """Return why a tenant can't be ended by hand for this ground: "subscribed", "in_force", or "" if it can.

    While a subscription runs in it, its own rules end it and nothing else; a contract without one ends when
    it is over, or when its client asks in writing. Raises ValueError on a ground there isn't.
    """
    if ground not in GROUNDS:
        raise ValueError(f"no such ground: {ground!r}")
    if subscribed:
        return "subscribed"
    return "in_force" if in_force and ground == CONTRACT_OVER else ""
