"""What may be done with an order, and with what of it can't be had (LG-S5.2, LG-S12, LG-S10.1)."""

from contracts.policy.transitions import Transitions

WAITING = "waiting"
FUNDED = "funded"
OPEN = "open"
CANCELLED = "cancelled"

ORDER = Transitions(
    {
        "fund": ({WAITING}, FUNDED),  # the money is there, or a trial begins
        "unfund": ({FUNDED}, WAITING),  # the money was taken back before anything opened
        "open": ({FUNDED}, OPEN),
        "cancel": ({WAITING}, CANCELLED),  # by hand, once its seven business days are over
        "drop": ({WAITING}, CANCELLED),  # placed online and never paid
        "empty": ({WAITING, FUNDED}, CANCELLED),  # nothing of it is left to open
        "refuse": ({WAITING, FUNDED, OPEN}, CANCELLED),  # taken back, and what was paid given back
    }
)

ASKED = "asked"
AGREED = "agreed"
REFUNDED = "refunded"

UNAVAILABLE = Transitions(
    {
        "agree": ({ASKED}, AGREED),  # the client takes the equivalent
        "decline": ({ASKED}, REFUNDED),
        "refund": ({ASKED, REFUNDED}, REFUNDED),  # it begins there where nothing is equivalent
    }
)
