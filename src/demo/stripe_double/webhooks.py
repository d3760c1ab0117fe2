"""Sending events as the provider does.

Signed over the raw body, sometimes twice, sometimes late, in any order.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from typing import Any

DELAYS = (0.2, 4.0)  # the same event is sent twice: at once, and again seconds later
TRIES = 4


def signature(body: bytes, secret: str, at: int | None = None) -> str:
    """Return the header that signs a body: the time and the HMAC-SHA256 of time, point and body."""
    moment = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Courier:
    """Delivers events to an address in the background."""

    def __init__(self, url: str, secret: str, delays: tuple[float, ...] = DELAYS) -> None:
        """Keep where to and how signed."""
        self.url = url
        self.secret = secret
        self.delays = delays

    def take(self, event: dict[str, Any]) -> None:
        """Send an event, and send it again."""
        for delay in self.delays:
            timer = threading.Timer(delay, self._deliver, args=[event, TRIES])
            timer.daemon = True
            timer.start()

    def _deliver(self, event: dict[str, Any], tries: int) -> None:
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature(body, self.secret)}
        request = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310  loopback
        try:
            urllib.request.urlopen(request, timeout=20).close()  # noqa: S310
        except (OSError, urllib.error.HTTPError):
            if tries > 1:
                timer = threading.Timer(3.0, self._deliver, args=[event, tries - 1])
                timer.daemon = True
                timer.start()
