"""The state of a subscription: counted from what stands, never stored, the same on every page."""

RUNNING = "running"
CREDITED = "credited"
TRIAL = "trial"
TRIAL_ENDED = "trial_ended"
SUSPENDED = "suspended"
ENDED = "ended"


def subscription_state(
    *, is_ended: bool, is_suspended: bool, in_trial: bool, trial_ended: bool, is_credited: bool
) -> str:
    """Return the state of a subscription.

    What runs while access to it is stopped is suspended, whatever else is so about it. A term whose price was
    credited in full asks nothing of anybody and runs on: only a word or its end ends it.
    """
    if is_ended:
        return ENDED
    if is_suspended:
        return SUSPENDED
    if in_trial:
        return TRIAL_ENDED if trial_ended else TRIAL
    return CREDITED if is_credited else RUNNING
