"""What may be done with a parcel, and with what comes back (LG-S7, LG-S9)."""

from contracts.policy.transitions import Transitions

PLANNED = "planned"
SHIPPED = "shipped"
DELIVERED = "delivered"
CANCELLED = "cancelled"

DELIVERY = Transitions(
    {
        "ship": ({PLANNED}, SHIPPED),
        "arrive": ({SHIPPED}, DELIVERED),
        "cancel": ({PLANNED}, CANCELLED),  # nothing is left in it
        "end": ({PLANNED, SHIPPED}, CANCELLED),  # a consumer ended the sale because nothing came
    }
)

OPEN = "open"
RECEIVED = "received"
ENDED = "ended"
REFUSED = "refused"

RETURN = Transitions(
    {
        "receive": ({OPEN}, RECEIVED),
        "complete": ({RECEIVED}, RECEIVED),  # what was missing came later
        "settle": ({RECEIVED}, ENDED),
        "refuse": ({RECEIVED}, REFUSED),
    }
)
