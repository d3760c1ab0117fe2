"""When to try again what has failed."""

from datetime import timedelta


def wait_before_retry(*, attempts: int) -> timedelta:
    """Return how long to wait after the nth failure: a minute, doubling, an hour at most.

    Raises ValueError below one attempt.
    """
    if attempts < 1:
        raise ValueError("wait only after a failure")
    return timedelta(minutes=min(60, 2 ** min(attempts - 1, 6)))
