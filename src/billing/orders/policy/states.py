"""What may be done with an order, and with what of it can't be had (LG-S5.2, LG-S12, LG-S10.1)."""

from contracts.policy.transitions import Transitions

AWAITING_PAYMENT = "waiting"
READY = "funded"
FULFILLED = "open"
CANCELLED = "cancelled"

ORDER = Transitions(
    {
        "ready": ({AWAITING_PAYMENT}, READY),  # the money is there, or a trial begins
        "unready": ({READY}, AWAITING_PAYMENT),  # the money was taken back before anything opened
        "fulfil": ({READY}, FULFILLED),
        "unrenew": ({FULFILLED}, AWAITING_PAYMENT),  # it was taken back before the term it renews began
        "cancel": ({AWAITING_PAYMENT}, CANCELLED),  # by hand, once its seven business days are over
        "drop": ({AWAITING_PAYMENT}, CANCELLED),  # placed online and never paid
        "empty": ({AWAITING_PAYMENT, READY}, CANCELLED),  # nothing of it is left to open
        "refuse": ({AWAITING_PAYMENT, READY, FULFILLED}, CANCELLED),  # what was paid is given back
    }
)

ASKED = "asked"
AGREED = "agreed"
REFUNDED = "refunded"

UNAVAILABLE_LINE = Transitions(
    {
        "agree": ({ASKED}, AGREED),  # the client takes the equivalent
        "decline": ({ASKED}, REFUNDED),
        "refund": ({ASKED, REFUNDED}, REFUNDED),  # it begins there where nothing is equivalent
    }
)
