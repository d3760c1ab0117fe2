"""What may be done with an order, and with what of it can't be had (LG-S5.2, LG-S12, LG-S10.1)."""

from contracts.policy.transitions import Transitions

AWAITING_PAYMENT = "waiting"
READY = "funded"
FULFILLED = "open"
CANCELLED = "cancelled"
ENDED = "ended"  # why it is void: what it was for had ended

ORDER = Transitions(
    {
        "ready": ({AWAITING_PAYMENT}, READY),  # the money is there, or a trial begins
        "unready": ({READY}, AWAITING_PAYMENT),  # the money was taken back before anything opened
        "fulfil": ({READY}, FULFILLED),
        "unopen": ({FULFILLED}, AWAITING_PAYMENT),  # it was taken back while all it sold was still here
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


HELD = "held"
CANCELLABLE = "cancellable"
WRITTEN_OFF = "written_off"
CREDITED = "credited"

WITHDRAWN = "withdrawn"


def order_state(
    state: str,
    *,
    is_held: bool,
    is_cancellable: bool,
    is_written_off: bool,
    is_credited: bool = False,
    is_withdrawn: bool = False,
) -> str:
    """Return what is so about an order: where it is in its life, or what keeps it there.

    What was withdrawn from, taken back or given up is asked of nobody any more: it is neither unpaid nor on
    hold, and nothing of it is open.
    """
    if is_withdrawn and state != CANCELLED:
        return WITHDRAWN
    if state in {AWAITING_PAYMENT, FULFILLED} and is_credited:
        return CREDITED
    if state == AWAITING_PAYMENT and is_written_off:
        return WRITTEN_OFF
    if is_held and state in {AWAITING_PAYMENT, READY}:
        return HELD
    return CANCELLABLE if is_cancellable else state
